import { resolve } from "node:path";
import { print } from "../context.ts";
import { readReportFile } from "../report-file.ts";
import type { AddCommand } from "./index.ts";

/** `assay push <report.json>`: only the report travels. */
export const addPush: AddCommand = (program, context) => {
  program
    .command("push")
    .summary("push a finished report to a server")
    .description(
      "Pushes a finished report to a server; no data travels. The server checks its digests and marks it as pushed.",
    )
    .argument("<report>", "report.json")
    .option("--project <name>", "the project, made if there is none (default: the plan's)")
    .option("--server <url>", "the server (default: ASSAY_URL, or the login)")
    .action(async (path: string, options: { project?: string; server?: string }) => {
      const report = await readReportFile(resolve(context.cwd, path), path);
      const [{ Assay }, { findCredentials }] = await Promise.all([
        import("../../client/assay.ts"),
        import("../credentials.ts"),
      ]);
      const credentials = await findCredentials(context, options.server);
      const assay = new Assay({ ...credentials, signal: context.signal });
      const project = await assay.projects.ensure(options.project ?? report.plan.project);
      const run = await project.reports.push(report);
      print(
        context,
        `Pushed as run ${run.row.number} of ${project.row.name}: ${credentials.url}/projects/${project.row.slug}/runs/${run.row.number}`,
      );
      print(context, `id ${run.id}`);
    });
};

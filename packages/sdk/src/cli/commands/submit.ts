import { resolve } from "node:path";
import type { Locale, Report } from "@assay/schema";
import { AssayError, isAssayError } from "@assay/schema/plain";
import type { Run } from "../../client/run.ts";
import { type CliContext, localeOf, note, print } from "../context.ts";
import { failsOnIndeterminate } from "../option-values.ts";
import { progressLine, stageNames } from "../progress.ts";
import { gateExit, resultText } from "../result.ts";
import type { AddCommand } from "./index.ts";

interface Options {
  project?: string;
  server?: string;
  wait?: boolean;
  failOn?: string;
  lang?: string;
}

/** `assay submit <plan> [--wait]`: uploads data and model, the server runs the plan. */
export const addSubmit: AddCommand = (program, context, finish) => {
  program
    .command("submit")
    .summary("upload data and model and let a server run the plan")
    .description(
      "Uploads a plan's data file and its model, where it has one, and lets a server run the plan. With --wait the exit code is that of the gate, as for run.",
    )
    .argument("<plan>", "the plan file")
    .option("--project <name>", "the project, made if there is none (default: the plan's)")
    .option("--server <url>", "the server (default: ASSAY_URL, or the login)")
    .option("--wait", "wait for the run to end")
    .option("--fail-on <verdict>", "indeterminate: exit with 1 instead of 3 where the gate cannot tell")
    .option("--lang <code>", "en or zh-CN")
    .action(async (plan: string, options: Options) => {
      const locale = localeOf(options.lang, context);
      const failOn = failsOnIndeterminate(options.failOn);
      const [{ Assay }, { findCredentials }, { readPlanFile, withLinesOf }] = await Promise.all([
        import("../../client/assay.ts"),
        import("../credentials.ts"),
        import("../../local/plan-file.ts"),
      ]);
      const credentials = await findCredentials(context, options.server);
      const located = await readPlanFile(resolve(context.cwd, plan), plan);
      const assay = new Assay({ ...credentials, signal: context.signal });
      const project = await assay.projects.ensure(options.project ?? located.plan.project);
      const bar = progressLine(context);
      const run = await project.runs
        .create({
          plan,
          folder: context.cwd,
          signal: context.signal,
          onProgress: (fraction) => bar.show(fraction, locale === "en" ? "uploading" : "正在上传"),
        })
        .finally(() => bar.end());
      const address = `${credentials.url}/projects/${project.row.slug}/runs/${run.row.number}`;
      note(context, `Run ${run.row.number} of ${project.row.name}: ${address}`);
      if (!options.wait) {
        print(context, run.id);
        return;
      }
      const report = await waitFor(run, address, context, locale).catch((error: unknown) => {
        throw withLinesOf(located, error);
      });
      print(context, await resultText(report, locale, [address]));
      finish(gateExit(report, failOn));
    });
};

async function waitFor(run: Run, address: string, context: CliContext, locale: Locale): Promise<Report> {
  const bar = progressLine(context);
  try {
    for await (const { progress } of run.watch({ signal: context.signal })) {
      const text = progress.stage === null ? (progress.audit ?? "") : stageNames[locale][progress.stage];
      bar.show(progress.total === 0 ? 0 : progress.done / progress.total, text);
    }
  } catch (error) {
    if (!isAssayError(error) || (error.code !== "cancelled" && error.code !== "unreachable")) throw error;
    const why = error.code === "cancelled" ? "interrupted" : error.message;
    throw new AssayError(error.code, `${why}; the run goes on at ${address}; fetch it with: assay pull ${run.id}`);
  } finally {
    bar.end();
  }
  const { status, error } = await run.refresh();
  if (status === "completed") return run.report();
  if (status === "cancelled") throw new AssayError("conflict", "the run was cancelled on the server");
  throw new AssayError(error?.code ?? "internal", `the run failed: ${error?.message ?? "the server gives no reason"}`, {
    problems: error?.problems ?? [],
  });
}

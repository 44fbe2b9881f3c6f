import { join, resolve } from "node:path";
import { AssayError } from "@assay/schema/plain";
import { localeOf, print } from "../context.ts";
import { renderersOf } from "../option-values.ts";
import { checkFolder, writeFiles } from "../write-files.ts";
import type { AddCommand } from "./index.ts";

interface Options {
  format: string;
  out: string;
  server?: string;
  lang?: string;
}

/** `assay pull <run>`: fetches a report. */
export const addPull: AddCommand = (program, context) => {
  program
    .command("pull")
    .summary("fetch a run's report")
    .description("Fetches the report of a run from a server.")
    .argument("<run>", "the run's id, as submit and push print it")
    .option("--format <list>", "formats, such as json,html,md,csv", "json")
    .option("--out <dir>", "folder of the report", "assay-report")
    .option("--server <url>", "the server (default: ASSAY_URL, or the login)")
    .option("--lang <code>", "en or zh-CN")
    .action(async (id: string, options: Options) => {
      const locale = localeOf(options.lang, context);
      const folder = resolve(context.cwd, options.out);
      await checkFolder(folder, options.out);
      const [{ renderers }, { Assay }, { findCredentials }] = await Promise.all([
        import("@assay/report"),
        import("../../client/assay.ts"),
        import("../credentials.ts"),
      ]);
      const chosen = renderersOf(options.format, renderers);
      const credentials = await findCredentials(context, options.server);
      const run = await new Assay({ ...credentials, signal: context.signal }).run(id);
      const files = new Map<string, Uint8Array>();
      for (const { extension } of chosen) {
        files.set(`report.${extension}`, await run.download(extension, locale));
      }
      if (context.signal.aborted) throw new AssayError("cancelled", "cancelled");
      await writeFiles(folder, files, options.out);
      print(context, [...files.keys()].map((name) => join(options.out, name)).join("\n"));
    });
};

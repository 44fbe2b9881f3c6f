import { join, resolve } from "node:path";
import { AssayError } from "@assay/schema";
import { localeOf, print } from "../context.ts";
import { findCredentials } from "../credentials.ts";
import { writeFiles } from "../write-files.ts";
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
      const { renderers } = await import("@assay/report");
      const names = [
        ...new Set(
          options.format
            .split(",")
            .map((name) => name.trim())
            .filter((name) => name !== ""),
        ),
      ];
      const chosen = names.map((name) => {
        const renderer = renderers.find((one) => one.id === name);
        if (renderer) return renderer;
        throw new AssayError(
          "usage",
          `--format: no format "${name}"; there are ${renderers.map((one) => one.id).join(", ")}`,
        );
      });
      const { Assay } = await import("../../client/assay.ts");
      const run = await new Assay(await findCredentials(context, options.server)).run(id);
      const files = new Map<string, Uint8Array>();
      for (const { id: format, extension } of chosen) {
        files.set(`report.${extension}`, await run.download(format, locale));
      }
      if (context.signal.aborted) throw new AssayError("cancelled", "cancelled");
      await writeFiles(resolve(context.cwd, options.out), files);
      print(context, [...files.keys()].map((name) => join(options.out, name)).join("\n"));
    });
};

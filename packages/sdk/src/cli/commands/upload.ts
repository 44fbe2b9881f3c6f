import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { AssayError } from "@assay/schema/plain";
import { localeOf, note, print } from "../context.ts";
import { progressLine } from "../progress.ts";
import type { AddCommand } from "./index.ts";

interface Options {
  project: string;
  name?: string;
  counts?: boolean;
  server?: string;
  lang?: string;
}

/** A project is not made for a file that is not there. @throws AssayError not-found */
async function checkFile(path: string, shown: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new AssayError("not-found", `${shown}: there is no such file; check the path`);
}

/** `assay upload <data>`: data alone, for schedules to find. */
export const addUpload: AddCommand = (program, context) => {
  program
    .command("upload")
    .summary("upload data to a server, and run nothing")
    .description(
      "Uploads a data file to a project and runs nothing. Schedules read the newest data of a name: upload each new state of the data under the same one.",
    )
    .argument("<data>", "the data file")
    .requiredOption("--project <name>", "the project, made if there is none")
    .option("--name <name>", "the name of the data (default: the file's)")
    .option("--counts", "a table of counts")
    .option("--server <url>", "the server (default: ASSAY_URL, or the login)")
    .option("--lang <code>", "en or zh-CN")
    .action(async (path: string, options: Options) => {
      const locale = localeOf(options.lang, context);
      const [{ Assay }, { findCredentials }] = await Promise.all([
        import("../../client/assay.ts"),
        import("../credentials.ts"),
      ]);
      const credentials = await findCredentials(context, options.server);
      const assay = new Assay({ ...credentials, signal: context.signal });
      await checkFile(resolve(context.cwd, path), path);
      const before = await assay.projects.list();
      const project = await assay.projects.ensure(options.project);
      if (!before.some(({ id }) => id === project.row.id)) {
        note(
          context,
          locale === "en"
            ? `There was no project ${project.row.name}; it is made.`
            : `此前没有项目“${project.row.name}”，现已新建。`,
        );
      }
      const bar = progressLine(context);
      const name = options.name ?? basename(path);
      const dataset = await project.datasets
        .push(resolve(context.cwd, path), {
          ...{ name, shown: path, signal: context.signal },
          ...(options.counts === undefined ? {} : { counts: options.counts }),
          onProgress: (fraction) => bar.show(fraction, locale === "en" ? "uploading" : "正在上传"),
        })
        .finally(() => bar.end());
      const rows = dataset.rows.toLocaleString("en");
      if (dataset.name !== name) {
        note(
          context,
          locale === "en"
            ? `The project has these bytes already, under the name ${dataset.name}.`
            : `项目中已有内容相同的数据，名为 ${dataset.name}。`,
        );
      } else note(context, locale === "en" ? `${name}: ${rows} rows` : `${name}：${rows} 行`);
      print(context, dataset.id);
    });
};

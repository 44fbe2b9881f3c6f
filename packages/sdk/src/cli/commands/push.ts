import type { WithheldCounts } from "@assay/audits";
import type { Locale } from "@assay/schema";
import { localeOf, print } from "../context.ts";
import { wholeNumber } from "../option-values.ts";
import { readReportFile, reportPath } from "../report-file.ts";
import type { AddCommand } from "./index.ts";

interface Options {
  readonly project?: string;
  readonly suppressBelow?: string;
  readonly server?: string;
  readonly lang?: string;
}

/** `assay push <report.json>`: only the report travels. */
export const addPush: AddCommand = (program, context) => {
  program
    .command("push")
    .summary("push a finished report to a server")
    .description(
      "Pushes a finished report to a server; no data travels. The server checks its digests and marks it as pushed. With --suppress-below the pushed report has no number from which fewer people could be read; the file here keeps everything.",
    )
    .argument("<report>", "report.json, or its folder")
    .option("--project <name>", "the project, made if there is none (default: the plan's)")
    .option("--suppress-below <n>", "withhold numbers from which fewer people could be read, 2 to 1000")
    .option("--server <url>", "the server (default: ASSAY_URL, or the login)")
    .option("--lang <code>", "en or zh-CN (default: the environment's)")
    .action(async (given: string, options: Options) => {
      const locale = localeOf(options.lang, context);
      const below =
        options.suppressBelow === undefined ? null : wholeNumber(options.suppressBelow, "--suppress-below", 2, 1000);
      const { path, shown } = await reportPath(context.cwd, given);
      const whole = await readReportFile(path, shown);
      const [{ Assay }, { findCredentials }, { withholdSmallCells }] = await Promise.all([
        import("../../client/assay.ts"),
        import("../credentials.ts"),
        import("../../local/withhold-small-cells.ts"),
      ]);
      const { report, withheld } =
        below === null ? { report: whole, withheld: null } : await withholdSmallCells(whole, below);
      const credentials = await findCredentials(context, options.server);
      const assay = new Assay({ ...credentials, signal: context.signal });
      const project = await assay.projects.ensure(options.project ?? report.plan.project);
      const run = await project.reports.push(report);
      if (below !== null) print(context, withheldText(withheld, below, locale));
      const address = `${credentials.url}/projects/${project.row.slug}/runs/${run.row.number}`;
      print(
        context,
        locale === "en"
          ? `Pushed as run ${run.row.number} of ${project.row.name}: ${address}`
          : `已推送为 ${project.row.name} 的第 ${run.row.number} 次运行：${address}`,
      );
      print(context, `id ${run.id}`);
    });
};

const parts = [
  ["measures", "number", "个数值"],
  ["tables", "table in parts", "个表格的部分内容"],
  ["figures", "figure in whole or part", "幅图的全部或部分"],
  ["sentences", "sentence", "句话"],
  ["artifacts", "file of rows", "个行文件"],
] as const satisfies readonly (readonly [keyof WithheldCounts, string, string])[];

function withheldText(withheld: WithheldCounts | null, below: number, locale: Locale): string {
  if (withheld === null) {
    return locale === "en"
      ? `Nothing had to be withheld: every number stands on ${below} people or more.`
      : `无须隐去任何内容：每个数值都基于至少 ${below} 人。`;
  }
  const told = parts.filter(([kind]) => withheld[kind] > 0);
  if (locale !== "en") return `推送的报告已隐去：${told.map(([kind, , zh]) => `${withheld[kind]} ${zh}`).join("、")}。`;
  return `Withheld from the pushed report: ${told.map(([kind, en]) => `${withheld[kind]} ${plural(en, withheld[kind])}`).join(", ")}.`;
}

function plural(words: string, count: number): string {
  return count === 1 ? words : words.replace(/^\w+/, "$&s");
}

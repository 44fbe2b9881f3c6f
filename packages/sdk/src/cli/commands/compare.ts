import { readFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import type { Comparison, Report } from "@assay/schema";
import { AssayError } from "@assay/schema/plain";
import type { LocatedPlan } from "../../local/plan-file.ts";
import { comparisonText } from "../comparison-text.ts";
import { type CliContext, localeOf, print } from "../context.ts";
import { wholeNumber } from "../option-values.ts";
import { progressLine } from "../progress.ts";
import { readReportFile } from "../report-file.ts";
import { checkFolder, writeFiles } from "../write-files.ts";
import type { AddCommand } from "./index.ts";

interface Options {
  out?: string;
  confidence?: string;
  replicates?: string;
  seed?: string;
  server?: string;
  json?: boolean;
  lang?: string;
}

/** `assay compare <a> <b>`: two plans on the same rows, or two reports or runs. */
export const addCompare: AddCommand = (program, context) => {
  program
    .command("compare")
    .summary("compare two plans, reports or runs")
    .description(
      "Compares two plans on the rows that they share: paired tests overall, by group and of the gaps, each number improved, regressed or without evidence. Two reports (report.json or its folder) or runs (ids on the server) hold no rows: their numbers are compared by their intervals, and a difference counts only where these do not touch.",
    )
    .argument("<a>", "a plan, a report, or a run's id: how it was")
    .argument("<b>", "the same of how it is now")
    .option("--out <dir>", "also write DIR/comparison.json")
    .option("--confidence <c>", "confidence of intervals and tests, such as 0.95 (plans)")
    .option("--replicates <n>", "draws of the paired tests (plans; default 10000)")
    .option("--seed <n>", "seed of the draws (plans; default that of the first plan)")
    .option("--server <url>", "the server that has the runs (default: ASSAY_URL, or the login)")
    .option("--json", "print the comparison as JSON")
    .option("--lang <code>", "en or zh-CN (default: the environment's language)")
    .action(async (first: string, second: string, options: Options) => {
      const locale = localeOf(options.lang, context);
      const settings = {
        ...(options.confidence === undefined ? {} : { confidence: level(options.confidence) }),
        ...(options.replicates === undefined
          ? {}
          : { replicates: wholeNumber(options.replicates, "--replicates", 100, 1_000_000) }),
        ...(options.seed === undefined ? {} : { seed: wholeNumber(options.seed, "--seed", 0) }),
      };
      const folder = options.out === undefined ? null : resolve(context.cwd, options.out);
      if (folder !== null) await checkFolder(folder, options.out ?? "");
      const [a, b] = [await subject(first, context, options.server), await subject(second, context, options.server)];
      if (a.kind !== b.kind) {
        throw new AssayError(
          "usage",
          `${first} is a ${a.kind} and ${second} a ${b.kind}; give two plans, or two reports or runs`,
        );
      }
      const comparison =
        a.kind === "plan" && b.kind === "plan"
          ? await plans(a.plan, b.plan, settings, context)
          : a.kind === "report" && b.kind === "report"
            ? await reports(a.report, b.report, { a: first, b: second }, Object.keys(settings))
            : null;
      if (comparison === null) throw new AssayError("internal", "compare: two subjects of one kind");
      if (context.signal.aborted) throw new AssayError("cancelled", "cancelled");
      const text = JSON.stringify(comparison, null, 2);
      if (folder !== null) await writeFiles(folder, new Map([["comparison.json", `${text}\n`]]), options.out ?? "");
      print(context, options.json ? text : comparisonText(comparison, locale));
      if (folder !== null && !options.json) print(context, join(options.out ?? "", "comparison.json"));
    });
};

type Subject =
  | { readonly kind: "plan"; readonly plan: LocatedPlan }
  | { readonly kind: "report"; readonly report: Report };

/** A plan file, a report file or its folder, else a run on the server. */
async function subject(given: string, context: CliContext, server: string | undefined): Promise<Subject> {
  const path = resolve(context.cwd, given);
  const found = await kindOfPath(path);
  if (found === "folder")
    return { kind: "report", report: await readReportFile(join(path, "report.json"), join(given, "report.json")) };
  if (found === "file") {
    if (extname(path).toLowerCase() === ".json" && (await isReport(path))) {
      return { kind: "report", report: await readReportFile(path, given) };
    }
    const { readPlanFile } = await import("../../local/plan-file.ts");
    return { kind: "plan", plan: await readPlanFile(path, given) };
  }
  if (/[./\\]/.test(given)) throw new AssayError("not-found", `no plan or report at ${given}`);
  const [{ Assay }, { findCredentials }] = await Promise.all([
    import("../../client/assay.ts"),
    import("../credentials.ts"),
  ]);
  const run = await new Assay({ ...(await findCredentials(context, server)), signal: context.signal }).run(given);
  return { kind: "report", report: await run.report() };
}

async function kindOfPath(path: string): Promise<"file" | "folder" | null> {
  const { stat } = await import("node:fs/promises");
  const found = await stat(path).catch(() => null);
  return found === null ? null : found.isDirectory() ? "folder" : "file";
}

/** A report says its format; a plan may be JSON too. */
async function isReport(path: string): Promise<boolean> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return typeof value === "object" && value !== null && "format" in value;
  } catch {
    // What is no JSON is told by the reader of reports.
    return true;
  }
}

async function plans(
  a: LocatedPlan,
  b: LocatedPlan,
  settings: { readonly confidence?: number; readonly replicates?: number; readonly seed?: number },
  context: CliContext,
): Promise<Comparison> {
  const { comparePlans } = await import("../../local/compare-locally.ts");
  const bar = progressLine(context);
  return comparePlans(a, b, {
    ...settings,
    signal: context.signal,
    onProgress: (stage, fraction) => bar.show(fraction, stage),
  }).finally(() => bar.end());
}

async function reports(
  a: Report,
  b: Report,
  names: { readonly a: string; readonly b: string },
  settings: readonly string[],
): Promise<Comparison> {
  if (settings.length > 0) {
    throw new AssayError("usage", `--${settings[0]} is for plans: what reports say was settled when they were made`);
  }
  const { compareReports } = await import("@assay/audits");
  return compareReports(a, b, names);
}

function level(text: string): number {
  const value = Number(text);
  if (value > 0.5 && value < 1) return value;
  throw new AssayError("usage", `--confidence takes a number between 0.5 and 1, such as 0.95, not "${text}"`);
}

import { resolve } from "node:path";
import { type CliContext, note, print } from "../context.ts";
import { endpointText } from "../endpoint-text.ts";
import { fractionOf, progressLine } from "../progress.ts";
import { readReportJson, reportPath } from "../report-file.ts";
import type { AddCommand } from "./index.ts";

/** Lines of differences printed for people. */
const mostShown = 200;

/** `assay verify <report.json> [--plan <plan>]`: 0 good, 1 not, 2 unreadable. */
export const addVerify: AddCommand = (program, context, finish) => {
  program
    .command("verify")
    .summary("check a report's digest, or recompute it")
    .description(
      "Checks a report's digests and names the section that differs. With --plan it also recomputes the report from the plan's data and names the number that differs; sentences of another version of Assay are told, and are no fault. Exit code 0 good, 1 not, 2 unreadable.",
    )
    .argument("<report>", "report.json, or its folder")
    .option("--plan <plan>", "the plan to recompute from")
    .option("--json", "print JSON")
    .action(async (given: string, options: { plan?: string; json?: boolean }) => {
      const { verifyReport } = await import("@assay/report/text");
      const { path, shown } = await reportPath(context.cwd, given);
      const verification = verifyReport(await readReportJson(path, shown));
      const differences = verification.ok
        ? []
        : verification.differs.map((name) => `section ${name} is not what was sealed`);
      let told: readonly string[] = [];
      let made: MadeBy | null = null;
      if (options.plan !== undefined) {
        const [{ readPlanFile }, { runLocally }, { reportDifferences }] = await Promise.all([
          import("../../local/plan-file.ts"),
          import("../../local/run-locally.ts"),
          import("../report-differences.ts"),
        ]);
        const located = await readPlanFile(resolve(context.cwd, options.plan), options.plan);
        const bar = progressLine(context);
        // A report that was made ready to be shown later has a bound of its own; what it withholds is withheld here too.
        const { seed, suppress_below: below } = verification.report.plan;
        const { report } = await runLocally(
          {
            ...located,
            plan: {
              ...located.plan,
              seed,
              ...(below === undefined || located.plan.suppress_below !== undefined ? {} : { suppress_below: below }),
            },
          },
          {
            signal: context.signal,
            environment: context.env,
            onEndpoint: (address, loads) => {
              bar.end();
              note(context, endpointText(address, loads, "en"));
            },
            onProgress: (progress) => bar.show(fractionOf(progress), "recomputing"),
          },
        ).finally(() => bar.end());
        const compared = reportDifferences(verification.report, report);
        made = { there: verification.report.environment.assay, here: report.environment.assay };
        differences.push(...compared.differences);
        // Another version may say it otherwise. One version says one thing, and who changes a sentence can seal it anew.
        if (made.there === made.here) differences.push(...compared.told);
        else told = compared.told;
      }
      const good = differences.length === 0;
      const volatile = verification.report.audits.filter((audit) => audit.volatile === true).map(({ id }) => id);
      if (options.json)
        print(context, JSON.stringify({ good, digest: verification.report.digest, differences, told }, null, 2));
      else if (good) {
        const how =
          options.plan === undefined
            ? "Every section is what was sealed."
            : volatile.length === 0
              ? "Every number was recomputed and is the same."
              : `Every number was recomputed and is the same, but for those of ${volatile.join(", ")}: they measured the machine, and no second run gives them again.`;
        print(context, `Good. ${how}\n${verification.report.digest}`);
        if (made !== null) printTold(context, told, made);
      } else {
        print(context, `Not good. ${differences.length === 1 ? "1 difference" : `${differences.length} differences`}:`);
        for (const line of differences.slice(0, mostShown)) print(context, `  ${line}`);
        if (differences.length > mostShown)
          note(context, `assay: ${differences.length - mostShown} more differences are not shown; --json shows all`);
        if (made !== null) printTold(context, told, made);
        if (options.plan !== undefined && verification.report.model?.format === "endpoint")
          note(
            context,
            `assay: ${verification.report.model.file} was asked again; what answers there may have changed`,
          );
      }
      finish(good ? 0 : 1);
    });
};

/** The versions of Assay of a report and of its recomputation. */
interface MadeBy {
  readonly there: string;
  readonly here: string;
}

/** What is told otherwise though it was computed equally. Who reads the sentences must know that these are not the ones written here. */
function printTold(context: CliContext, told: readonly string[], { there, here }: MadeBy): void {
  if (told.length === 0) return;
  print(context, `In the words of Assay ${there}, where this is ${here}; numbers and verdicts are the same:`);
  for (const line of told.slice(0, mostShown)) print(context, `  ${line}`);
}

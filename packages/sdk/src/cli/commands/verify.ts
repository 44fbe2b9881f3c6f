import { resolve } from "node:path";
import type { Measure, Report } from "@assay/schema";
import { measureKey } from "@assay/schema/plain";
import { note, print } from "../context.ts";
import { endpointText } from "../endpoint-text.ts";
import { fractionOf, progressLine } from "../progress.ts";
import { readReportJson } from "../report-file.ts";
import type { AddCommand } from "./index.ts";

/** Lines of differences printed for people. */
const mostShown = 200;

/** `assay verify <report.json> [--plan <plan>]`: 0 good, 1 not, 2 unreadable. */
export const addVerify: AddCommand = (program, context, finish) => {
  program
    .command("verify")
    .summary("check a report's digest, or recompute it")
    .description(
      "Checks a report's digests and names the section that differs. With --plan it also recomputes the report from the plan's data and names the number that differs. Exit code 0 good, 1 not, 2 unreadable.",
    )
    .argument("<report>", "report.json")
    .option("--plan <plan>", "the plan to recompute from")
    .option("--json", "print JSON")
    .action(async (path: string, options: { plan?: string; json?: boolean }) => {
      const { verifyReport } = await import("@assay/report/text");
      const verification = verifyReport(await readReportJson(resolve(context.cwd, path), path));
      const differences = verification.ok
        ? []
        : verification.differs.map((name) => `section ${name} is not what was sealed`);
      if (options.plan !== undefined) {
        const [{ readPlanFile }, { runLocally }] = await Promise.all([
          import("../../local/plan-file.ts"),
          import("../../local/run-locally.ts"),
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
        differences.push(...reportDifferences(verification.report, report));
      }
      const good = differences.length === 0;
      const volatile = verification.report.audits.filter((audit) => audit.volatile === true).map(({ id }) => id);
      if (options.json)
        print(context, JSON.stringify({ good, digest: verification.report.digest, differences }, null, 2));
      else if (good) {
        const how =
          options.plan === undefined
            ? "Every section is what was sealed."
            : volatile.length === 0
              ? "Every number was recomputed and is the same."
              : `Every number was recomputed and is the same, but for those of ${volatile.join(", ")}: they measured the machine, and no second run gives them again.`;
        print(context, `Good. ${how}\n${verification.report.digest}`);
      } else {
        print(context, `Not good. ${differences.length === 1 ? "1 difference" : `${differences.length} differences`}:`);
        for (const line of differences.slice(0, mostShown)) print(context, `  ${line}`);
        if (differences.length > mostShown)
          note(context, `assay: ${differences.length - mostShown} more differences are not shown; --json shows all`);
        if (options.plan !== undefined && verification.report.model?.format === "endpoint")
          note(
            context,
            `assay: ${verification.report.model.file} was asked again; what answers there may have changed`,
          );
      }
      finish(good ? 0 : 1);
    });
};

/** Differences in words, numbers by name: `fairness.group-metrics: false-positive-rate {"race":"white"}: 0.3 there, 0.2 here`. */
export function reportDifferences(there: Report, here: Report): string[] {
  const lines: string[] = [];
  if (there.data.digest !== here.data.digest) {
    lines.push(`data: the file's digest is ${here.data.digest}, the report was made of ${there.data.digest}`);
  }
  if (there.model?.digest !== here.model?.digest) {
    lines.push(`model: ${modelText(here)} is here, the report was made of ${modelText(there)}`);
  }
  lines.push(...fileDifferences(there, here));
  if (there.sections.plan !== here.sections.plan) lines.push("plan: the settings are not those of the report");
  for (const theirs of there.audits) {
    const ours = here.audits.find((audit) => audit.id === theirs.id);
    if (!ours) {
      lines.push(`${theirs.id}: this plan does not run it`);
      continue;
    }
    if (theirs.version !== ours.version) {
      lines.push(`${theirs.id}: version ${theirs.version} made the report, version ${ours.version} is here`);
    }
    // It measured the machine at its time: no second run gives the same numbers.
    if (theirs.volatile === true || ours.volatile === true) continue;
    const known = new Map(ours.measures.map((measure) => [measureKey(measure), measure]));
    for (const measure of theirs.measures) {
      const mine = known.get(measureKey(measure));
      known.delete(measureKey(measure));
      if (!mine) lines.push(`${theirs.id}: ${nameOf(measure)} is not found again`);
      else {
        // The first number that differs tells; an interval moves with its estimate.
        const key = (["value", "n", "low", "high", "p", "p_adjusted"] as const).find(
          (one) => measure[one] !== mine[one],
        );
        if (key) {
          lines.push(
            `${theirs.id}: ${nameOf(measure)} ${key}: ${measure[key] ?? "none"} there, ${mine[key] ?? "none"} here`,
          );
        }
      }
    }
    for (const measure of known.values()) lines.push(`${theirs.id}: ${nameOf(measure)} is not in the report`);
    if (lines.length === 0 && there.sections.audits[theirs.id] !== here.sections.audits[theirs.id]) {
      lines.push(`${theirs.id}: its findings, figures or tables differ`);
    }
  }
  for (const audit of here.audits) {
    if (!there.audits.some((one) => one.id === audit.id)) lines.push(`${audit.id}: is not in the report`);
  }
  if (lines.length === 0 && there.digest !== here.digest)
    lines.push("the digest differs though every number is the same");
  return lines;
}

function modelText({ model }: Report): string {
  return model === null ? "none" : `${model.file} (${model.digest})`;
}

/** Files beside the model that are others here, each by its name. */
function fileDifferences(there: Report, here: Report): string[] {
  if (there.model === null || here.model === null) return [];
  const ours = new Map((here.model.files ?? []).map(({ name, digest }) => [name, digest]));
  const lines: string[] = [];
  for (const { name, digest } of there.model.files ?? []) {
    const mine = ours.get(name);
    ours.delete(name);
    if (mine === undefined) lines.push(`model: its file ${name} is not read here`);
    else if (mine !== digest) {
      lines.push(`model: the digest of its file ${name} is ${mine}, the report was made of ${digest}`);
    }
  }
  for (const name of ours.keys()) lines.push(`model: its file ${name} is not in the report`);
  return lines;
}

function nameOf(measure: Measure): string {
  const { metric, group, by, class: ofClass, feature, column, stratum } = measure;
  const rest = [group, by, ofClass, feature, column, stratum].filter((one) => one !== undefined);
  return [metric, ...rest.map((one) => JSON.stringify(one))].join(" ");
}

import { join, resolve } from "node:path";
import { AssayError } from "@assay/schema/plain";
import type { LocatedPlan } from "../../local/plan-file.ts";
import { localeOf, note, print } from "../context.ts";
import { deviceOf, wholeNumber } from "../option-values.ts";
import { fractionOf, progressLine, stageNames } from "../progress.ts";
import { gateExit, resultText } from "../result.ts";
import { checkFolder, writeFiles } from "../write-files.ts";
import type { AddCommand } from "./index.ts";

interface Options {
  method: string;
  by: string;
  constraint?: string;
  tolerance?: string;
  out: string;
  device: string;
  seed?: string;
  json?: boolean;
  lang?: string;
}

/** `assay mitigate <plan>`: the plan with one audit, which changes decisions or what they are learned from. */
export const addMitigate: AddCommand = (program, context, finish) => {
  program
    .command("mitigate")
    .summary("make decisions more alike between groups")
    .description(
      "Learns from a part of the plan's rows how to make decisions more alike between groups, and judges it on the rest.\nWrites DIR/before-after.json, a report, and what can be deployed: thresholds.json, weights.csv, resampled.csv, repaired.csv or model.onnx.\nOther settings, such as the objective or the share held out, come from the plan's audits.fairness.mitigation.",
    )
    .argument("<plan>", "the plan file, such as audit.yaml")
    .requiredOption("--method <name>", "reweigh, resample, repair, threshold or reduce")
    .requiredOption("--by <column>", "a protected column of the plan, or several crossed: race,sex")
    .option(
      "--constraint <name>",
      "demographic-parity, equalized-odds, true-positive-rate-parity or false-positive-rate-parity (default: the plan's, else demographic-parity)",
    )
    .option("--tolerance <share>", "greatest gap allowed, 0 to 1 (default: the plan's, else 0)")
    .option("--out <dir>", "folder of the results", "assay-mitigation")
    .option("--device <name>", "auto, cpu, webgpu or cuda", "auto")
    .option("--seed <n>", "seed of the random draws, in place of the plan's")
    .option("--json", "print the result as JSON")
    .option("--lang <code>", "en or zh-CN (default: the environment's language)")
    .action(async (planPath: string, options: Options) => {
      const locale = localeOf(options.lang, context);
      const settings = settingsOf(options);
      const device = deviceOf(options.device);
      const seed = options.seed === undefined ? {} : { seed: wholeNumber(options.seed, "--seed", 0) };
      const folder = resolve(context.cwd, options.out);
      await checkFolder(folder, options.out);
      const [{ readPlanFile }, { runLocally }, { json }, { mitigationPlan }] = await Promise.all([
        import("../../local/plan-file.ts"),
        import("../../local/run-locally.ts"),
        import("@assay/report/text"),
        import("@assay/audits"),
      ]);
      const given = await readPlanFile(resolve(context.cwd, planPath), planPath);
      const located: LocatedPlan = { ...given, background: null, plan: mitigationPlan(given.plan, settings) };
      const bar = progressLine(context);
      const { report, artifacts } = await runLocally(located, {
        device,
        ...seed,
        signal: context.signal,
        onRestart: (failed, reason) => {
          bar.end();
          note(context, `assay: ${failed} failed, the audit begins again on cpu: ${reason.message}`);
        },
        onProgress: (progress) =>
          bar.show(
            fractionOf(progress),
            progress.stage === "auditing" ? progress.audit : stageNames[locale][progress.stage],
          ),
      }).finally(() => bar.end());
      const failed = report.audits.find((one) => one.status === "failed");
      if (failed)
        throw new AssayError("data-invalid", `${failed.id} failed: ${failed.reason?.en ?? "no reason given"}`);
      if (context.signal.aborted) throw new AssayError("cancelled", "cancelled");

      const files = new Map<string, Uint8Array | string>(artifacts);
      files.set("before-after.json", await json.render(report));
      await writeFiles(folder, files, options.out);
      const written = [...files.keys()].sort().map((name) => join(options.out, name));
      if (options.json) {
        const [result] = report.audits;
        const told = { digest: report.digest, files: written, measures: result?.measures, findings: result?.findings };
        print(context, JSON.stringify(told, null, 2));
      } else print(context, await resultText(report, locale, written));
      finish(gateExit(report, false));
    });
};

function settingsOf(options: Options) {
  const by = options.by
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (by.length === 0) throw new AssayError("usage", "--by names no column; give a protected column of the plan");
  const tolerance = options.tolerance === undefined ? undefined : Number(options.tolerance);
  if (tolerance !== undefined && !(options.tolerance?.trim() !== "" && tolerance >= 0 && tolerance <= 1)) {
    throw new AssayError("usage", `--tolerance takes a number from 0 to 1, not "${options.tolerance}"`);
  }
  return {
    method: options.method,
    by,
    ...(options.constraint === undefined ? {} : { constraint: options.constraint }),
    ...(tolerance === undefined ? {} : { tolerance }),
  };
}

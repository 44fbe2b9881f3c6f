import { join, resolve } from "node:path";
import type { Renderer } from "@assay/report";
import type { Report } from "@assay/schema";
import { AssayError } from "@assay/schema/plain";
import { type ExitCode, localeOf, note, print } from "../context.ts";
import { endpointText } from "../endpoint-text.ts";
import { deviceOf, failsOnIndeterminate, renderersOf, wholeNumber } from "../option-values.ts";
import { fractionOf, progressLine, progressText } from "../progress.ts";
import { gateExit, resultText } from "../result.ts";
import { checkFolder, writeFiles } from "../write-files.ts";
import type { AddCommand } from "./index.ts";

interface Options {
  out: string;
  format?: string;
  device: string;
  seed?: string;
  threads?: string;
  shards?: string;
  failOn?: string;
  json?: boolean;
  lang?: string;
}

/** `assay run <plan>`: audits here, no server. */
export const addRun: AddCommand = (program, context, finish) => {
  program
    .command("run")
    .summary("run a plan on this machine")
    .description("Runs a plan's audits on this machine, without a server, and writes DIR/report.json.")
    .argument("<plan>", "the plan file, such as audit.yaml")
    .option("--out <dir>", "folder of the report", "assay-report")
    .option("--format <list>", "more formats beside report.json, such as html,md,csv")
    .option("--device <name>", "auto, cpu, webgpu or cuda", "auto")
    .option("--seed <n>", "seed of the random draws, in place of the plan's")
    .option("--threads <n>", "threads that measure (default: by the size of the data)")
    .option("--shards <n>", "pieces the data is measured in (default: by its size); the report's digest is the same")
    .option("--fail-on <verdict>", "indeterminate: exit with 1 instead of 3 where the gate cannot tell")
    .option("--json", "print the result as JSON")
    .option("--lang <code>", "en or zh-CN (default: the environment's language)")
    .action(async (planPath: string, options: Options) => {
      const locale = localeOf(options.lang, context);
      const failOn = failsOnIndeterminate(options.failOn);
      const settings = {
        device: deviceOf(options.device),
        ...(options.seed === undefined ? {} : { seed: wholeNumber(options.seed, "--seed", 0) }),
        ...(options.threads === undefined ? {} : { threads: wholeNumber(options.threads, "--threads", 1, 256) }),
        ...(options.shards === undefined ? {} : { shards: wholeNumber(options.shards, "--shards", 1) }),
      };
      // The other formats load a drawing library, which a run without them need not wait for.
      const more = options.format === undefined ? [] : renderersOf(options.format, await allRenderers());
      const folder = resolve(context.cwd, options.out);
      await checkFolder(folder, options.out);
      const [{ readPlanFile }, { runLocally }, { json }] = await Promise.all([
        import("../../local/plan-file.ts"),
        import("../../local/run-locally.ts"),
        import("@assay/report/text"),
      ]);
      const located = await readPlanFile(resolve(context.cwd, planPath), planPath);
      const bar = progressLine(context);
      const { report, artifacts } = await runLocally(located, {
        ...settings,
        signal: context.signal,
        environment: context.env,
        onEndpoint: (address, loads) => {
          bar.end();
          note(context, endpointText(address, loads, locale));
        },
        onRestart: (device, reason) => {
          bar.end();
          note(context, `assay: ${device} failed, all audits begin again on cpu: ${reason.message}`);
        },
        onProgress: (progress) => bar.show(fractionOf(progress), progressText(progress, locale)),
      }).finally(() => bar.end());

      const files = new Map<string, Uint8Array | string>(artifacts);
      // A format that does not fit this report is told, and does not cost the report itself.
      const unfit = more.flatMap(({ id, unfit: whyOf }) => {
        const why = whyOf?.(report) ?? null;
        return why === null ? [] : [{ id, why }];
      });
      for (const renderer of [json, ...more.filter(({ id }) => !unfit.some((one) => one.id === id))]) {
        files.set(`report.${renderer.extension}`, await renderer.render(report, { locale }));
      }
      if (context.signal.aborted) throw new AssayError("cancelled", "cancelled");
      await writeFiles(folder, files, options.out);

      const code = unfit.length > 0 ? 2 : gateExit(report, failOn);
      const written = [...files.keys()].map((name) => join(options.out, name));
      if (options.json) print(context, JSON.stringify(machineResult(report, written, code), null, 2));
      else print(context, await resultText(report, locale, written));
      for (const audit of report.audits) {
        if (audit.status === "failed") note(context, `assay: ${audit.id} failed: ${audit.reason?.[locale] ?? ""}`);
      }
      for (const { id, why } of unfit) note(context, `assay: --format ${id}: ${why[locale]}`);
      finish(code);
    });
};

async function allRenderers(): Promise<readonly Renderer[]> {
  return (await import("@assay/report")).renderers;
}

/** What `--json` prints. The whole report stands in report.json, one of `files`. */
function machineResult(report: Report, files: readonly string[], exit: ExitCode) {
  return {
    gate: report.gate.verdict,
    exit,
    digest: report.digest,
    files,
    rules: report.gate.rules.map(({ rule, source, verdict, text }) => ({ ...rule, source, verdict, text })),
    audits: report.audits.map(({ id, status, reason, measures, findings }) => ({
      id,
      status,
      ...(reason ? { reason } : {}),
      measures: measures.length,
      findings: findings.map(({ id: finding, verdict, severity, text }) => ({ id: finding, verdict, severity, text })),
    })),
  };
}

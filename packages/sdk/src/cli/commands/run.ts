import { join, resolve } from "node:path";
import { AssayError, type DeviceName, devices, type Report } from "@assay/schema";
import { readPlanFile } from "../../local/plan-file.ts";
import { runLocally, wholeNumber } from "../../local/run-locally.ts";
import { type ExitCode, localeOf, note, print } from "../context.ts";
import { fractionOf, progressLine } from "../progress.ts";
import { gateExit, resultText } from "../result.ts";
import { writeFiles } from "../write-files.ts";
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
    .option("--lang <code>", "en or zh-CN")
    .action(async (planPath: string, options: Options) => {
      const locale = localeOf(options.lang, context);
      const failOn = options.failOn;
      if (failOn !== undefined && failOn !== "indeterminate") {
        throw new AssayError("usage", `--fail-on takes indeterminate, not "${failOn}"`);
      }
      const { renderers } = await import("@assay/report");
      const chosen = chosenFormats(options.format, renderers);
      const device = deviceOf(options.device);
      const settings = {
        device,
        ...(options.seed === undefined ? {} : { seed: seedOf(options.seed) }),
        ...(options.threads === undefined ? {} : { threads: wholeNumber(options.threads, "--threads") }),
        ...(options.shards === undefined ? {} : { shards: wholeNumber(options.shards, "--shards") }),
      };
      const located = await readPlanFile(resolve(context.cwd, planPath));
      const bar = progressLine(context);
      const { report, artifacts } = await runLocally(located, {
        ...settings,
        signal: context.signal,
        onProgress: (progress) =>
          bar.show(fractionOf(progress), progress.stage === "reading" ? "reading the data" : progress.audit),
      }).finally(() => bar.end());

      const files = new Map<string, Uint8Array | string>(artifacts);
      for (const renderer of chosen)
        files.set(`report.${renderer.extension}`, await renderer.render(report, { locale }));
      const folder = resolve(context.cwd, options.out);
      if (context.signal.aborted) throw new AssayError("cancelled", "cancelled");
      await writeFiles(folder, files);

      const code = gateExit(report, failOn === "indeterminate");
      const written = [...files.keys()].map((name) => join(options.out, name));
      if (options.json) print(context, JSON.stringify(machineResult(report, written, code), null, 2));
      else print(context, await resultText(report, locale, written));
      for (const audit of report.audits) {
        if (audit.status === "failed") note(context, `assay: ${audit.id} failed: ${audit.reason?.[locale] ?? ""}`);
      }
      finish(code);
    });
};

type RendererList = typeof import("@assay/report").renderers;

function chosenFormats(list: string | undefined, renderers: RendererList): RendererList[number][] {
  const names = ["json", ...(list?.split(",").map((name) => name.trim()) ?? [])].filter((name) => name !== "");
  return [...new Set(names)].map((name) => {
    const renderer = renderers.find((one) => one.id === name);
    if (renderer) return renderer;
    throw new AssayError(
      "usage",
      `--format: no format "${name}"; there are ${renderers.map((one) => one.id).join(", ")}`,
    );
  });
}

function deviceOf(name: string): DeviceName | "auto" {
  const found = (["auto", ...devices] as const).find((one) => one === name);
  if (found) return found;
  throw new AssayError("usage", `--device takes auto, ${devices.join(", ")}, not "${name}"`);
}

function seedOf(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 0) {
    throw new AssayError("usage", `--seed takes a whole number of at least 0, not "${text}"`);
  }
  return value;
}

/** What `--json` prints. The whole report stands in the first of `files`. */
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

import { availableParallelism } from "node:os";
import type { ComparedRun, ComparedSides, CompareOptions } from "@assay/audits";
import type { Device } from "@assay/compute";
import type { Comparison, LocalizedText, Report } from "@assay/schema";
import { type LocatedPlan, withLinesOf } from "./plan-file.ts";
import { openPlanModel, runLocally } from "./run-locally.ts";

export interface CompareLocally {
  readonly signal: AbortSignal;
  readonly confidence?: number;
  readonly replicates?: number;
  readonly seed?: number;
  readonly onProgress?: (stage: string, fraction: number) => void;
}

/**
 * Compares two plans on the rows that they share; where rows cannot be paired, both are run and their reports compared,
 * and the comparison says why.
 * @throws AssayError plan-invalid, data-invalid, not-found, cancelled
 */
export async function comparePlans(a: LocatedPlan, b: LocatedPlan, options: CompareLocally): Promise<Comparison> {
  const [audits, { openDevice }] = await Promise.all([import("@assay/audits"), import("@assay/compute")]);
  const { signal, onProgress } = options;
  const device = await openDevice("cpu", { threads: Math.min(8, availableParallelism()) });
  try {
    const [left, right] = [await readRun(a, device, options), await readRun(b, device, options)];
    const sides: ComparedSides = { a: left.side, b: right.side };
    const settings: CompareOptions = {
      device,
      signal,
      seed: options.seed ?? a.plan.seed,
      ...(options.confidence === undefined ? {} : { confidence: options.confidence }),
      ...(options.replicates === undefined ? {} : { replicates: options.replicates }),
      onProgress: (fraction) => onProgress?.("comparing", fraction),
    };
    const result = await audits.compareRuns(left.run, right.run, sides, settings);
    if ("comparison" in result) return result.comparison;
    return await compareByReports(a, b, result.unpaired, options);
  } finally {
    device.dispose();
  }
}

async function compareByReports(
  a: LocatedPlan,
  b: LocatedPlan,
  why: LocalizedText,
  { signal, onProgress }: CompareLocally,
): Promise<Comparison> {
  const { compareReports } = await import("@assay/audits");
  const report = async (located: LocatedPlan): Promise<Report> => {
    const run = await runLocally(located, {
      signal,
      onProgress: (progress) =>
        onProgress?.(located.name, progress.stage === "auditing" ? progress.done / progress.total : progress.fraction),
    });
    return run.report;
  };
  return compareReports(await report(a), await report(b), { a: a.name, b: b.name }, why);
}

/** Reads what a comparison asks of a plan's data and model. */
async function readRun(
  located: LocatedPlan,
  device: Device,
  { signal, onProgress }: CompareLocally,
): Promise<{ readonly run: ComparedRun; readonly side: Comparison["a"] }> {
  const [{ openDataset }, audits] = await Promise.all([import("@assay/dataset/node"), import("@assay/audits")]);
  const { plan, name } = located;
  const { file: _file, counts, ...source } = plan.data;
  const dataset = await openDataset(located.dataPath, {
    name: located.dataName,
    source: { ...source, ...(counts === undefined ? {} : { counts: true }) },
    signal,
    onProgress: (fraction) => onProgress?.(located.dataName, fraction),
  });
  try {
    const opened = await openPlanModel(located, plan, dataset.columns);
    try {
      const { run, model } = await audits.readComparedRun(
        { name, plan, data: dataset, model: opened },
        { device, signal, onProgress: (fraction) => onProgress?.(name, fraction) },
      );
      return { run, side: { name, project: plan.project, report: null, data: run.data, model } };
    } finally {
      await opened?.dispose();
    }
  } catch (error) {
    throw withLinesOf(located, error);
  } finally {
    await dataset.close();
  }
}

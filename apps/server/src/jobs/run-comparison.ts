import { compareReports, compareRuns, readComparedRun } from "@assay/audits";
import { type Device, openDevice } from "@assay/compute";
import type { ComparisonSide, ComparisonStage, ComparisonWork, Stores } from "@assay/db";
import { AssayError, type Comparison, type LocalizedText, type Report, readPlan } from "@assay/schema";
import type { EndpointRules } from "../endpoints.ts";
import type { Blobs } from "../storage/blobs.ts";
import { openRunModel } from "./open-run-model.ts";
import type { TableCache } from "./open-tables.ts";
import { throttled } from "./throttled.ts";

export interface RunComparisonOptions {
  readonly work: ComparisonWork;
  readonly stores: Stores;
  readonly blobs: Blobs;
  readonly tables: TableCache;
  readonly endpoints: EndpointRules;
  readonly threads: number;
  readonly signal: AbortSignal;
}

/** Parts of a hundred at which each stage begins: most of the time goes into the draws. */
const begins = { from: 0, to: 15, comparing: 30 } as const;

/**
 * Compares two runs row by row, and stores the result. Where the rows turn out not to be pairable their reports are compared
 * by intervals instead, and the result says why. False where it was cancelled, removed or taken over meanwhile.
 * @throws AssayError for what the comparison shall be told to have failed of
 */
export async function runComparison(options: RunComparisonOptions): Promise<boolean> {
  const { work, stores, threads, signal } = options;
  const progress = throttled((state: { readonly done: number; readonly stage: ComparisonStage }) =>
    stores.comparisonWork.progress(work.id, work.attempt, state),
  );
  const device = await openDevice("cpu", { threads });
  let result: Comparison;
  try {
    const [a, b] = [
      await readSide(work.from, device, options, (stage, fraction) =>
        progress.tell({ stage, done: part(begins.from, begins.to, fraction) }),
      ),
      await readSide(work.to, device, options, (stage, fraction) =>
        progress.tell({ stage, done: part(begins.to, begins.comparing, fraction) }),
      ),
    ];
    const compared = await compareRuns(
      a.run,
      b.run,
      { a: a.side, b: b.side },
      {
        ...{ device, signal, ...work.settings },
        onProgress: (fraction) => progress.tell({ stage: "comparing", done: part(begins.comparing, 100, fraction) }),
      },
    );
    result = "comparison" in compared ? compared.comparison : await byReports(work, stores, compared.unpaired);
  } finally {
    device.dispose();
    await progress.settle();
  }
  return stores.comparisonWork.complete(work.id, work.attempt, result);
}

function part(from: number, to: number, fraction: number): number {
  return Math.min(99, Math.floor(from + (to - from) * fraction));
}

async function readSide(
  run: ComparisonSide,
  device: Device,
  options: RunComparisonOptions,
  tell: (stage: ComparisonStage, fraction: number) => void,
) {
  const { blobs, tables, signal } = options;
  const name = sideName(run);
  const plan = readPlan(run.planYaml, `plan of run ${run.number}`);
  const { dataset } = run;
  if (dataset === null) {
    throw new AssayError(
      "not-found",
      `the dataset of run ${run.number} was removed; upload it again and start a new run`,
    );
  }
  tell("reading", 0);
  const { file: _file, counts, ...source } = plan.data;
  const data = await tables.open({
    path: blobs.path(dataset.digest),
    digest: dataset.digest,
    name: dataset.fileName,
    source: { ...source, ...(counts === undefined ? {} : { counts: true }) },
  });
  const model = await openRunModel(run, plan, data.columns, options);
  try {
    const read = await readComparedRun(
      { name: `plan of run ${run.number}`, plan, data, model },
      { device, signal, onProgress: (fraction) => tell("predicting", fraction) },
    );
    return {
      run: read.run,
      side: { name, project: plan.project, report: run.report, data: read.run.data, model: read.model },
    };
  } finally {
    await model?.dispose();
  }
}

function sideName({ number }: ComparisonSide): string {
  return `#${number}`;
}

async function byReports({ id, from, to }: ComparisonWork, stores: Stores, why: LocalizedText): Promise<Comparison> {
  const sides = await stores.comparisons.get(id);
  const report = async (run: string): Promise<Report> => JSON.parse(await stores.reports.json(run)) as Report;
  return compareReports(
    await report(sides.from.id),
    await report(sides.to.id),
    { a: sideName(from), b: sideName(to) },
    why,
  );
}

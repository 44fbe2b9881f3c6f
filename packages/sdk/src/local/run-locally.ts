import { availableParallelism } from "node:os";
import type { Prepared, Progress } from "@assay/audits";
import type { CodedTable } from "@assay/dataset";
import type { Model } from "@assay/models";
import type { DataSource, DeviceName, Plan, Report } from "@assay/schema";
import { version } from "../version.ts";
import type { LocatedPlan } from "./plan-file.ts";

/** Rows a step measures at most, where the caller does not choose the number of shards. */
const rowsPerShard = 250_000;
/** Below this a second thread costs more than it saves. */
const rowsForThreads = 1_000_000;

export interface LocalOptions {
  readonly device?: DeviceName | "auto";
  readonly seed?: number;
  readonly threads?: number;
  readonly shards?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LocalProgress) => void;
}

export type LocalProgress =
  | { readonly stage: "reading"; readonly fraction: number }
  | { readonly stage: "predicting"; readonly fraction: number }
  | ({ readonly stage: "auditing" } & Progress);

export interface LocalRun {
  readonly report: Report;
  /** Files beside the report, by name. */
  readonly artifacts: ReadonlyMap<string, Uint8Array | string>;
}

/**
 * Reads the data, runs the plan's audits on this machine and seals the report.
 * @throws AssayError plan-invalid (every problem together), data-invalid, device-unavailable, cancelled
 */
export async function runLocally(located: LocatedPlan, options: LocalOptions = {}): Promise<LocalRun> {
  const signal = options.signal ?? new AbortController().signal;
  const startedAt = new Date();
  const [{ openDataset }, audits, { threads: openThreads }, compute, { sealReport }] = await Promise.all([
    import("@assay/dataset/node"),
    import("@assay/audits"),
    import("@assay/audits/node"),
    import("@assay/compute"),
    import("@assay/report/text"),
  ]);
  const plan = options.seed === undefined ? located.plan : { ...located.plan, seed: options.seed };
  const { file: _file, counts, ...source } = plan.data;
  const dataset = await openDataset(located.dataPath, {
    name: located.dataName,
    source: { ...source, ...(counts === undefined ? {} : { counts: true }) },
    signal,
    onProgress: (fraction) => options.onProgress?.({ stage: "reading", fraction }),
  });
  let opened: Model | null = null;
  try {
    opened = await openPlanModel(located, plan);
    const prepared = audits.preparePlan(plan, dataset.columns, {
      name: located.name,
      model: opened === null ? null : audits.describeModel(opened),
    });
    const device = await compute.openDevice(options.device ?? "auto");
    const role = prepared.roles.model;
    const model =
      opened === null || role === null ? null : audits.bindAuditModel({ model: opened, role, device, signal });
    try {
      const loaded = await dataset.load(prepared.requests);
      const data = audits.checkData(prepared, loaded, located.name);
      const table =
        model === null
          ? loaded.table
          : await audits.scoreTable({
              prepared,
              table: loaded.table,
              model,
              signal,
              onProgress: (fraction) => options.onProgress?.({ stage: "predicting", fraction }),
            });
      const cores = Math.min(8, availableParallelism());
      const threadCount = options.threads ?? (table.rows >= rowsForThreads ? cores : 1);
      const shards = audits.cutShards(
        table.rows,
        options.shards ?? Math.max(threadCount, Math.ceil(table.rows / rowsPerShard)),
      );
      const pool =
        threadCount > 1
          ? openThreads(threadCount, {
              plan: prepared.plan,
              columns: dataset.columns,
              model: opened === null ? null : audits.describeModel(opened),
              table,
            })
          : null;
      try {
        const background = await readBackground(located, prepared, source, signal);
        const { body, artifacts } = await audits.runAudits({
          prepared,
          data,
          shards,
          executor: audits.byModel(prepared, {
            with: audits.inProcess({ prepared, table, device, model, background }),
            without: pool,
          }),
          device,
          model,
          signal,
          onProgress: (progress) => options.onProgress?.({ stage: "auditing", ...progress }),
        });
        const report = sealReport(body, {
          assay: version,
          device: device.name,
          kernels: Object.fromEntries(compute.kernels.map(({ name, version: kernel }) => [name, kernel])),
          seed: plan.seed,
          threads: threadCount,
          shards: shards.ranges.length,
          host: "node",
          startedAt: startedAt.toISOString(),
          seconds: (Date.now() - startedAt.getTime()) / 1000,
        });
        return { report, artifacts };
      } finally {
        await pool?.close();
      }
    } finally {
      model?.dispose();
      await opened?.dispose();
      opened = null;
      device.dispose();
    }
  } finally {
    await opened?.dispose();
    await dataset.close();
  }
}

/**
 * Rows of the background file, read as the plan's data are; it has the model's inputs among its columns.
 * @throws AssayError plan-invalid for a column that it lacks
 */
async function readBackground(
  located: LocatedPlan,
  prepared: Prepared,
  source: Omit<DataSource, "counts" | "file">,
  signal: AbortSignal,
): Promise<CodedTable | null> {
  const { background } = located;
  const role = prepared.roles.model;
  if (background === null || role === null) return null;
  const { openDataset } = await import("@assay/dataset/node");
  // The filter speaks of the data: it may name columns that a file of background rows need not have.
  const { where: _where, ...reading } = source;
  const dataset = await openDataset(background.path, { name: background.name, source: reading, signal });
  try {
    const { table } = await dataset.load(role.inputs.map((input) => input.request));
    return table;
  } finally {
    await dataset.close();
  }
}

/** Opens the plan's model before its data are read: a model that cannot be read is told first. */
async function openPlanModel(located: LocatedPlan, plan: Plan): Promise<Model | null> {
  if (located.model === null) return null;
  const { openModel } = await import("@assay/models/node");
  const columns = plan.columns.features.length;
  return openModel(located.model.path, { name: located.model.name, ...(columns > 0 ? { columns } : {}) });
}

import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import type { EndpointLoad, KnownColumn, Prepared, Progress, RunResult } from "@assay/audits";
import type { Device, DeviceKind } from "@assay/compute";
import type { CodedTable, Dataset } from "@assay/dataset";
import type { Model } from "@assay/models";
import type { AssayError, DeviceName, FilledHeaders, Plan, Report } from "@assay/schema";
import { version } from "../version.ts";
import { fillPlanHeaders } from "./fill-headers.ts";
import { type LocatedPlan, withLinesOf } from "./plan-file.ts";

/** Rows a step measures at most, where the caller does not choose the number of shards. */
const rowsPerShard = 250_000;
/** Below this a second thread costs more than it saves. */
const rowsForThreads = 1_000_000;

export interface LocalOptions {
  /** By name: that device or an error. auto, the default: a GPU where one wins and is there, else cpu. */
  readonly device?: DeviceName | "auto";
  readonly seed?: number;
  readonly threads?: number;
  readonly shards?: number;
  readonly signal?: AbortSignal;
  /** The environment that an endpoint's headers name variables of; this process's unless told. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: (progress: LocalProgress) => void;
  /** How much the plan's endpoint is about to be asked, before it is. */
  readonly onEndpoint?: (address: string, loads: readonly EndpointLoad[]) => void;
  /** The GPU that `auto` chose failed, for that reason: all audits begin again on the cpu. */
  readonly onRestart?: (device: DeviceName, reason: AssayError) => void;
}

export type LocalProgress =
  | { readonly stage: "reading"; readonly fraction: number }
  | { readonly stage: "predicting"; readonly fraction: number; readonly rows: number; readonly total: number }
  | ({ readonly stage: "auditing" } & Progress);

export interface LocalRun {
  readonly report: Report;
  /** Files beside the report, by name. */
  readonly artifacts: ReadonlyMap<string, Uint8Array | string>;
}

/**
 * Reads the data, runs the plan's audits on this machine and seals the report.
 * @param kinds the devices to choose from; others than this machine's only in tests
 * @throws AssayError plan-invalid (every problem together), data-invalid, device-unavailable, cancelled; device-failed,
 *   device-lost, device-out-of-memory and device-timeout of a GPU that was asked for by name; timeout, unreachable,
 *   rate-limited, unauthorized, forbidden, not-found and model-invalid of an endpoint
 */
export async function runLocally(
  located: LocatedPlan,
  options: LocalOptions = {},
  kinds?: readonly DeviceKind[],
): Promise<LocalRun> {
  const signal = options.signal ?? new AbortController().signal;
  const startedAt = new Date();
  const [{ openDataset }, audits, compute, { sealReport }] = await Promise.all([
    import("@assay/dataset/node"),
    import("@assay/audits"),
    import("@assay/compute"),
    import("@assay/report/text"),
  ]);
  const plan = options.seed === undefined ? located.plan : { ...located.plan, seed: options.seed };
  // A variable that is missing is told before any work.
  const filled = fillPlanHeaders(plan, located.name, options.environment);
  const { file: _file, counts, ...source } = plan.data;
  const dataset = await openDataset(located.dataPath, {
    name: located.dataName,
    source: { ...source, ...(counts === undefined ? {} : { counts: true }) },
    signal,
    onProgress: (fraction) => options.onProgress?.({ stage: "reading", fraction }),
  });
  let opened: Model | null = null;
  try {
    opened = await openPlanModel(located, plan, dataset.columns, filled, options.threads);
    const columns = audits.asksForValues(plan, dataset.columns) ? await dataset.profile() : dataset.columns;
    const prepared = audits.preparePlan(plan, columns, {
      name: located.name,
      model: opened === null ? null : audits.describeModel(opened),
    });
    // The threads that measure shards each have a device of their own; the one that runs the model and draws replicates has
    // threads itself.
    const deviceThreads = options.threads ?? coresHere();
    const audited = await compute.runOnDevice(
      {
        device: options.device ?? "auto",
        gpuWins: audits.gpuWins(prepared, dataset.rowsRead),
        options: { threads: deviceThreads },
        ...(options.onRestart ? { onRestart: options.onRestart } : {}),
      },
      (device) => auditOn(device, { located, options, prepared, dataset, opened, signal }),
      kinds,
    );
    const { body, artifacts, threads, shards } = audited.value;
    const report = sealReport(body, {
      assay: version,
      device: audited.device,
      ran: [...new Set([...audited.ran, ...(threads > 1 ? (["cpu"] as const) : [])])].sort(),
      kernels: Object.fromEntries(compute.kernels.map(({ name, version: kernel }) => [name, kernel])),
      ...(opened === null ? {} : { modelRuntime: opened.runtime }),
      seed: plan.seed,
      threads: deviceThreads,
      shards,
      host: "node",
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
    });
    return { report, artifacts };
  } catch (error) {
    throw withLinesOf(located, error);
  } finally {
    await opened?.dispose();
    await dataset.close();
  }
}

interface Audited extends RunResult {
  /** Threads beside the device's own, 1 where there were none. */
  readonly threads: number;
  readonly shards: number;
}

/** Everything that touches the device: were it done again on another one, nothing of this one would be in it. */
async function auditOn(
  device: Device,
  {
    located,
    options,
    prepared,
    dataset,
    opened,
    signal,
  }: {
    readonly located: LocatedPlan;
    readonly options: LocalOptions;
    readonly prepared: Prepared;
    readonly dataset: Dataset;
    readonly opened: Model | null;
    readonly signal: AbortSignal;
  },
): Promise<Audited> {
  const [audits, { nodeMachine, threads: openThreads }] = await Promise.all([
    import("@assay/audits"),
    import("@assay/audits/node"),
  ]);
  const role = prepared.roles.model;
  const model =
    opened === null || role === null ? null : audits.bindAuditModel({ model: opened, role, device, signal });
  try {
    const loaded = await dataset.load(prepared.requests);
    const data = audits.checkData(prepared, loaded, located.name);
    if (opened?.format === "endpoint") {
      options.onEndpoint?.(opened.file, audits.endpointLoads(prepared, loaded.table.rows));
    }
    const table =
      model === null
        ? loaded.table
        : await audits.scoreTable({
            prepared,
            table: loaded.table,
            model,
            signal,
            onProgress: (fraction, rows) =>
              options.onProgress?.({ stage: "predicting", fraction, rows, total: loaded.table.rows }),
          });
    const threads = options.threads ?? (table.rows >= rowsForThreads ? coresHere() : 1);
    const shards = audits.cutShards(
      table.rows,
      options.shards ?? Math.max(threads, Math.ceil(table.rows / rowsPerShard)),
    );
    // Threads measure on the cpu: not where a GPU was asked for by name.
    const byName = options.device !== undefined && options.device !== "auto" && options.device !== "cpu";
    const pool =
      threads > 1 && !byName
        ? openThreads(threads, {
            plan: prepared.plan,
            columns: dataset.columns,
            model: opened === null ? null : audits.describeModel(opened),
            table,
          })
        : null;
    try {
      const background = await readBackground(located, prepared, signal);
      const result = await audits.runAudits({
        prepared,
        data,
        shards,
        executor: audits.byModel(prepared, {
          with: audits.inProcess({ prepared, table, device, model, background, machine: nodeMachine() }),
          without: pool,
        }),
        device,
        model,
        signal,
        onProgress: (progress) => options.onProgress?.({ stage: "auditing", ...progress }),
      });
      return { ...result, threads: pool === null ? 1 : threads, shards: shards.ranges.length };
    } finally {
      await pool?.close();
    }
  } finally {
    model?.dispose();
  }
}

/**
 * Rows of the background file, read as the plan's data are; it has the model's inputs among its columns.
 * @throws AssayError plan-invalid for a column that it lacks
 */
async function readBackground(
  located: LocatedPlan,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<CodedTable | null> {
  const { background } = located;
  const role = prepared.roles.model;
  if (background === null || role === null) return null;
  const { openDataset } = await import("@assay/dataset/node");
  // The filter speaks of the data: it may name columns that a file of background rows need not have.
  const { file: _file, counts: _counts, where: _where, ...reading } = prepared.plan.data;
  const dataset = await openDataset(background.path, { name: background.name, source: reading, signal });
  try {
    const { table } = await dataset.load(role.inputs.map((input) => input.request));
    return table;
  } finally {
    await dataset.close();
  }
}

/**
 * Opens the plan's model: its file, or the endpoint, which is not asked yet. Null where it has none.
 * @param columns of the plan's data: what a row of an endpoint holds follows from them
 */
export async function openPlanModel(
  located: LocatedPlan,
  plan: Plan,
  columns: readonly KnownColumn[],
  filled: FilledHeaders = fillPlanHeaders(plan, located.name),
  threads: number = coresHere(),
): Promise<Model | null> {
  const endpoint = plan.model?.endpoint;
  if (endpoint !== undefined) {
    const [{ openEndpoint, systemHost }, { describeEndpoint }] = await Promise.all([
      import("@assay/models"),
      import("@assay/audits"),
    ]);
    const inputs = describeEndpoint(plan, columns)?.inputs ?? [];
    return openEndpoint(endpoint, { inputs, filled, host: systemHost });
  }
  if (located.model === null) return null;
  const { openModel } = await import("@assay/models/node");
  const features = plan.columns.features.length;
  return openModel(located.model.path, {
    name: located.model.name,
    dataFolder: dirname(located.dataPath),
    cores: threads,
    ...(features > 0 ? { columns: features } : {}),
  });
}

/** Threads where the caller does not choose. */
function coresHere(): number {
  return Math.min(8, availableParallelism());
}

import {
  bindAuditModel,
  byModel,
  checkData,
  cutShards,
  describeModel,
  gpuWins,
  type KnownModel,
  measureStep,
  type Prepared,
  preparePlan,
  type RunResult,
  runAudits,
  scoreTable,
} from "@assay/audits";
import { nodeMachine, threads as openThreads, type ThreadPool } from "@assay/audits/node";
import { type Device, kernels, runOnDevice } from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import type { Stores, Work } from "@assay/db";
import { countFindings, sealReport } from "@assay/report";
import { AssayError, type DeviceName, readPlan, withFeedback, withPlanLines } from "@assay/schema";
import type { EndpointRules } from "../endpoints.ts";
import type { Blobs } from "../storage/blobs.ts";
import { version } from "../version.ts";
import { openBackground, openRunModel } from "./open-run-model.ts";
import type { TableCache } from "./open-tables.ts";
import { RunProgress } from "./run-progress.ts";
import { committingExecutor, type Lane } from "./step-executor.ts";

/** Rows a step measures at most, where the run does not choose the number of shards. */
const rowsPerShard = 250_000;
/** Below this a second thread costs more than it saves. */
const rowsForThreads = 1_000_000;

export interface RunPlanOptions {
  readonly work: Work;
  readonly worker: string;
  readonly stores: Stores;
  readonly blobs: Blobs;
  readonly tables: TableCache;
  /** What audits are measured on; `auto` only where one of them gains by a GPU. */
  readonly device: "auto" | DeviceName;
  readonly endpoints: EndpointRules;
  readonly threads: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a taken run to its stored report. False where the run was cancelled, removed or taken over meanwhile.
 * @throws AssayError for what the run shall be told to have failed of
 */
export async function runPlan(options: RunPlanOptions): Promise<boolean> {
  const { work, stores, blobs, tables } = options;
  const written = readPlan(work.planYaml, "audit.yaml");
  // What people affected had reported when the run was made, where the plan asks for it.
  const reported = await stores.feedback.cellsOf(work.runId);
  const plan = reported === null ? written : withFeedback(written, reported);
  const { dataset } = work;
  if (dataset === null) {
    throw new AssayError("not-found", "the run's dataset was removed; upload it again and start a new run");
  }
  const { file: _file, counts, ...source } = plan.data;
  const opened = await tables.open({
    path: blobs.path(dataset.digest),
    digest: dataset.digest,
    name: dataset.fileName,
    source: { ...source, ...(counts === undefined ? {} : { counts: true }) },
  });
  const opening = await openRunModel(work, plan, opened.columns, options);
  try {
    const known = opening === null ? null : describeModel(opening);
    const prepared = preparePlan(plan, opened.columns, { name: "audit.yaml", model: known });
    const { value, device, ran } = await runOnDevice(
      {
        device: options.device,
        gpuWins: gpuWins(prepared, opened.rowsRead),
        options: { threads: options.threads },
      },
      (one) => auditOn(one, { options, opened, opening, known, prepared }),
    );
    const { body, artifacts, threads, shards } = value;
    const failed = body.audits.filter((audit) => audit.status === "failed");
    if (failed.length > 0 && failed.length === prepared.audits.length) {
      throw new AssayError("internal", "every audit of the plan failed", {
        problems: failed.map((audit) => ({ at: audit.id, message: audit.reason?.en ?? "failed" })),
      });
    }
    const report = sealReport(body, {
      assay: version,
      device,
      ran: [...new Set([...ran, ...(threads > 1 ? (["cpu"] as const) : [])])].sort(),
      kernels: Object.fromEntries(kernels.map((kernel) => [kernel.name, kernel.version])),
      ...(opening === null ? {} : { modelRuntime: opening.runtime }),
      seed: plan.seed,
      threads: options.threads,
      shards,
      host: "server",
      startedAt: work.startedAt.toISOString(),
      seconds: (Date.now() - work.startedAt.getTime()) / 1000,
    });
    const kept = await Promise.all(
      [...artifacts].map(async ([name, content]) => ({ name, digest: await blobs.put(content) })),
    );
    return await stores.work.complete(work.runId, work.attempt, {
      report: { digest: report.digest, json: JSON.stringify(report) },
      verdict: report.gate.verdict,
      counts: countFindings(report),
      artifacts: kept,
    });
  } catch (error) {
    throw withPlanLines(error, "audit.yaml", work.planYaml);
  } finally {
    await opening?.dispose();
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
  parts: {
    readonly options: RunPlanOptions;
    readonly opened: Awaited<ReturnType<TableCache["open"]>>;
    readonly opening: Awaited<ReturnType<typeof openRunModel>>;
    readonly known: KnownModel | null;
    readonly prepared: Prepared;
  },
): Promise<Audited> {
  const { opened, opening, known, prepared } = parts;
  const { work, stores, blobs, tables, worker, signal, ...options } = parts.options;
  const closing: (() => unknown)[] = [];
  try {
    const loaded = await opened.load(prepared.requests);
    const data = checkData(prepared, loaded, "audit.yaml");
    const role = prepared.roles.model;
    const model = opening === null || role === null ? null : bindAuditModel({ model: opening, role, device, signal });
    closing.push(() => model?.dispose());
    const threads = loaded.table.rows >= rowsForThreads ? options.threads : 1;
    const shards = cutShards(
      loaded.table.rows,
      work.shards ?? Math.max(1, Math.ceil(loaded.table.rows / rowsPerShard)),
    );
    const asksModel = model !== null && prepared.modelRequests.length > 0;
    const { endpoint } = prepared.plan.model ?? {};
    // An endpoint answers request by request; any other model counts as one audit.
    const parts = endpoint === undefined ? shards.ranges.length : Math.ceil(loaded.table.rows / endpoint.batch);
    const progress = new RunProgress(work, stores, {
      audits: prepared.audits.length,
      shards: shards.ranges.length,
      asking: asksModel ? Math.min(100, Math.max(1, parts)) : 0,
    });
    // What the model says of a row depends on the row and the device alone: a worker that takes the run over asks again.
    const table =
      model === null
        ? loaded.table
        : await scoreTable({
            prepared,
            table: loaded.table,
            model,
            signal,
            onProgress: (fraction) => progress.predicted(fraction),
          });
    const background = await openBackground(work, prepared, blobs, tables);
    // Threads measure on the cpu: not where a GPU was asked for by name.
    const byName = options.device === "cuda" || options.device === "webgpu";
    const pools = threads > 1 && !byName ? openPools(threads, prepared, opened.columns, known, table) : [];
    closing.push(() => Promise.all(pools.map((pool) => pool.close())));
    const committing = (lanes: readonly Lane[]) =>
      committingExecutor({
        ...{ lanes, worker, runId: work.runId, attempt: work.attempt, steps: stores.steps },
        device: device.name,
      });
    const machine = nodeMachine();
    const own: Lane = (step, stop) =>
      measureStep(step, table, { prepared, device, model, background, machine, signal: stop });
    const result = await runAudits({
      prepared,
      data,
      shards,
      executor: byModel(prepared, {
        with: committing([own]),
        without:
          pools.length === 0 ? null : committing(pools.map((pool) => (step, stop) => measureIn(pool, step, stop))),
      }),
      device,
      model,
      signal,
      onProgress: (told) => progress.tell(told),
    });
    await progress.settle();
    return { ...result, threads: pools.length === 0 ? 1 : threads, shards: shards.ranges.length };
  } finally {
    // The newest first.
    for (const close of closing.reverse()) await close();
  }
}

/** One pool of one thread for each lane: a lane knows when its step began. */
function openPools(
  count: number,
  prepared: Prepared,
  columns: Parameters<typeof preparePlan>[1],
  model: KnownModel | null,
  table: CodedTable,
): readonly ThreadPool[] {
  return Array.from({ length: count }, () => openThreads(1, { plan: prepared.plan, columns, model, table }));
}

async function measureIn(pool: ThreadPool, step: Parameters<Lane>[0], signal: AbortSignal) {
  for await (const { summary } of pool.run([step], signal)) return summary;
  throw new AssayError("internal", `step ${step.id}: the thread gave no summary`);
}

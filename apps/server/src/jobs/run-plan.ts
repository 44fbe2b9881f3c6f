import { checkData, cutShards, measureStep, type Prepared, type Progress, preparePlan, runAudits } from "@assay/audits";
import { threads as openThreads, type ThreadPool } from "@assay/audits/node";
import { kernels, openDevice } from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import type { Stores, Work } from "@assay/db";
import { countFindings, sealReport } from "@assay/report";
import { AssayError, readPlan } from "@assay/schema";
import type { Blobs } from "../storage/blobs.ts";
import { version } from "../version.ts";
import type { TableCache } from "./open-tables.ts";
import { committingExecutor, type Lane } from "./step-executor.ts";

/** Rows a step measures at most, where the run does not choose the number of shards. */
const rowsPerShard = 250_000;
/** Below this a second thread costs more than it saves. */
const rowsForThreads = 1_000_000;
const progressEveryMs = 250;

export interface RunPlanOptions {
  readonly work: Work;
  readonly worker: string;
  readonly stores: Stores;
  readonly blobs: Blobs;
  readonly tables: TableCache;
  readonly threads: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a taken run to its stored report. False where the run was cancelled, removed or taken over meanwhile.
 * @throws AssayError for what the run shall be told to have failed of
 */
export async function runPlan(options: RunPlanOptions): Promise<boolean> {
  const { work, stores, blobs, tables, worker, signal } = options;
  const plan = readPlan(work.planYaml, "audit.yaml");
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
  const prepared = preparePlan(plan, opened.columns, { name: "audit.yaml" });
  const loaded = await opened.load(prepared.requests);
  const { table } = loaded;
  const data = checkData(prepared, loaded, "audit.yaml");
  const device = await openDevice("cpu");
  const threadCount = table.rows >= rowsForThreads ? options.threads : 1;
  const shards = cutShards(table.rows, work.shards ?? Math.max(1, Math.ceil(table.rows / rowsPerShard)));
  const pools = threadCount > 1 ? openPools(threadCount, prepared, opened.columns, table) : [];
  const lanes: readonly Lane[] =
    pools.length > 0
      ? pools.map((pool) => (step, stop) => measureIn(pool, step, stop))
      : [(step, stop) => measureStep(step, table, { prepared, device, signal: stop })];
  const progress = new ProgressReporter(work, stores, prepared.audits.length, shards.ranges.length);
  try {
    const { body, artifacts } = await runAudits({
      prepared,
      data,
      shards,
      executor: committingExecutor({ lanes, worker, runId: work.runId, attempt: work.attempt, steps: stores.steps }),
      device,
      signal,
      onProgress: (told) => progress.tell(told),
    });
    await progress.settle();
    const failed = body.audits.filter((audit) => audit.status === "failed");
    if (failed.length > 0 && failed.length === prepared.audits.length) {
      throw new AssayError("internal", "every audit of the plan failed", {
        problems: failed.map((audit) => ({ at: audit.id, message: audit.reason?.en ?? "failed" })),
      });
    }
    const report = sealReport(body, {
      assay: version,
      device: device.name,
      kernels: Object.fromEntries(kernels.map((kernel) => [kernel.name, kernel.version])),
      seed: plan.seed,
      threads: threadCount,
      shards: shards.ranges.length,
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
  } finally {
    device.dispose();
    await Promise.all(pools.map((pool) => pool.close()));
  }
}

/** One pool of one thread for each lane: a lane knows when its step began. */
function openPools(
  count: number,
  prepared: Prepared,
  columns: Parameters<typeof preparePlan>[1],
  table: CodedTable,
): readonly ThreadPool[] {
  return Array.from({ length: count }, () => openThreads(1, { plan: prepared.plan, columns, table }));
}

async function measureIn(pool: ThreadPool, step: Parameters<Lane>[0], signal: AbortSignal) {
  for await (const { summary } of pool.run([step], signal)) return summary;
  throw new AssayError("internal", `step ${step.id}: the thread gave no summary`);
}

/** Counts steps over all audits and rounds and writes them down a few times a second. */
class ProgressReporter {
  readonly #work: Work;
  readonly #stores: Stores;
  readonly #audits: number;
  readonly #shards: number;
  #before = 0;
  #current: Progress | null = null;
  #written = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(work: Work, stores: Stores, audits: number, shards: number) {
    this.#work = work;
    this.#stores = stores;
    this.#audits = audits;
    this.#shards = shards;
  }

  tell(progress: Progress): void {
    const last = this.#current;
    if (last !== null && (last.audit !== progress.audit || last.round !== progress.round)) this.#before += last.total;
    this.#current = progress;
    const now = Date.now();
    if (now - this.#written < progressEveryMs) return;
    this.#written = now;
    this.#write(progress.audit);
  }

  /** Writes the last state and waits until it is written. */
  async settle(): Promise<void> {
    this.#write(null);
    await this.#writing;
  }

  #write(audit: string | null): void {
    const current = this.#current;
    if (current === null) return;
    const done = this.#before + current.done;
    // What is known so far, and one round for every audit still to come.
    const total = this.#before + current.total + (this.#audits - current.auditsDone - 1) * this.#shards;
    const { runId, attempt } = this.#work;
    this.#writing = this.#writing
      .then(() => this.#stores.work.progress(runId, attempt, { done, total, audit }))
      .catch(() => {});
  }
}

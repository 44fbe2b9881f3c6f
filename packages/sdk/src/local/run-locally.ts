import { availableParallelism } from "node:os";
import type { Progress } from "@assay/audits";
import type { DeviceName, Report } from "@assay/schema";
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
  try {
    const prepared = audits.preparePlan(plan, dataset.columns, { name: located.name });
    const device = await compute.openDevice(options.device ?? "auto");
    try {
      const loaded = await dataset.load(prepared.requests);
      const { table } = loaded;
      const data = audits.checkData(prepared, loaded, located.name);
      const cores = Math.min(8, availableParallelism());
      const threadCount = options.threads ?? (table.rows >= rowsForThreads ? cores : 1);
      const shards = audits.cutShards(
        table.rows,
        options.shards ?? Math.max(threadCount, Math.ceil(table.rows / rowsPerShard)),
      );
      const pool =
        threadCount > 1 ? openThreads(threadCount, { plan: prepared.plan, columns: dataset.columns, table }) : null;
      try {
        const { body, artifacts } = await audits.runAudits({
          prepared,
          data,
          shards,
          executor: pool ?? audits.inProcess({ prepared, table, device }),
          device,
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
      device.dispose();
    }
  } finally {
    await dataset.close();
  }
}

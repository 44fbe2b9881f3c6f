import { AssayError, type DeviceName, type ErrorCode, isAssayError } from "@assay/schema";
import type { Device } from "../device.ts";
import { copy } from "./copy.ts";
import { dense } from "./dense.ts";
import { forest } from "./forest.ts";
import { shuffle } from "./shuffle.ts";
import type { PreparedTrial, Trial } from "./trial.ts";
import { words } from "./words.ts";

/** Every trial, alphabetical. */
export const trials = [copy, dense, forest, shuffle, words] as const satisfies readonly Trial[];

export type TrialName = (typeof trials)[number]["name"];
export type TrialUnit = Trial["unit"];

export interface SelfTestOptions {
  /** About how long the whole takes; default 10. */
  readonly seconds?: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** Called before each trial with the share that is done. */
  readonly onProgress?: (fraction: number, trial: TrialName) => void;
}

export interface TrialResult {
  readonly trial: TrialName;
  readonly unit: TrialUnit;
  /** Units in a second, the median of the runs; null where a result was wrong or the device failed. */
  readonly perSecond: number | null;
  readonly runs: number;
  /** What went wrong. */
  readonly fault: { readonly code: ErrorCode | "wrong-result"; readonly message: string } | null;
}

export interface SelfTestResult {
  readonly device: DeviceName;
  readonly description: string;
  /** True where every trial ran and gave what the reference gives. */
  readonly passed: boolean;
  readonly trials: readonly TrialResult[];
}

/**
 * Does some work of each kind on a device, holds a sample of every result to the reference and tells how fast it was. A
 * device that computes wrongly, or fails, is told: this resolves with the fault of each trial.
 * @throws AssayError cancelled
 */
export async function selfTest(device: Device, options: SelfTestOptions): Promise<SelfTestResult> {
  const { seconds = 10, onProgress } = options;
  if (!(seconds > 0)) throw new AssayError("usage", `selfTest: seconds must be above 0, got ${seconds}`);
  const results: TrialResult[] = [];
  for (const [index, trial] of trials.entries()) {
    onProgress?.(index / trials.length, trial.name);
    results.push(await tryOut(trial, device, options, (seconds * 1000) / trials.length));
  }
  const passed = results.every((result) => result.fault === null);
  return { device: device.name, description: device.description, passed, trials: results };
}

/** A run shall take this long, so that starting it and the clock's grain do not count. */
const runMs = 40;

async function tryOut(
  trial: Trial & { readonly name: TrialName },
  device: Device,
  { now, signal }: SelfTestOptions,
  ms: number,
): Promise<TrialResult> {
  const begun = now();
  const rates: number[] = [];
  const result = { trial: trial.name, unit: trial.unit };
  const faulty = (code: ErrorCode | "wrong-result", message: string): TrialResult => ({
    ...result,
    perSecond: null,
    runs: rates.length,
    fault: { code, message },
  });
  let prepared: PreparedTrial | null = null;
  const run = async (work: PreparedTrial): Promise<number> => {
    // Between runs the event loop has its turn, so that a cancel can come in.
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    if (signal?.aborted) throw new AssayError("cancelled", "the self-test was cancelled");
    const start = now();
    await work.run();
    return now() - start;
  };
  try {
    for (let amount = trial.least; ; amount = Math.min(trial.most, amount * 4)) {
      prepared?.free();
      prepared = null;
      const work = await trial.prepare(device, amount);
      prepared = work;
      // The first run compiles.
      await run(work);
      const wrong = await work.check();
      if (wrong !== null) return faulty("wrong-result", wrong);
      const spent = await run(work);
      if (spent < runMs / 4 && amount < trial.most && now() - begun < ms / 2) continue;
      rates.push(work.units / spent);
      while (now() - begun < ms || rates.length < 3) rates.push(work.units / (await run(work)));
      const late = await work.check();
      if (late !== null) return faulty("wrong-result", late);
      break;
    }
  } catch (error) {
    if (!isAssayError(error) || error.code === "cancelled") throw error;
    return faulty(error.code, error.message);
  } finally {
    prepared?.free();
  }
  rates.sort((a, b) => a - b);
  return { ...result, perSecond: (rates[rates.length >> 1] ?? 0) * 1000, runs: rates.length, fault: null };
}

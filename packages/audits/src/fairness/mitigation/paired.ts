import { type Device, resample } from "@assay/compute";
import type { Measure } from "@assay/schema";
import { criticalValue, normalCdf, pairedGain } from "../../statistics/index.ts";
import { type OutcomeTable, pairedOf } from "./outcomes.ts";
import { type Draws, RateTally, rateNames } from "./threshold/replicates.ts";

/**
 * How many more held-out rows are decided as their label says after than before, on the same rows: McNemar's exact test
 * and Agresti and Min's interval; the linearised difference where rows carry weights. Each row was decided by its own draw.
 */
export function accuracyChange(
  outcomes: OutcomeTable,
  groups: readonly number[],
  confidence: number,
  group: Readonly<Record<string, string | null>> | null,
): Measure {
  const { better, worse, rows } = pairedOf(outcomes, groups);
  const about = { metric: "accuracy-change", ...(group ? { group: { ...group } } : {}), n: rows.count };
  if (rows.count === 0) return { ...about, value: null, reason: "no held-out row" };
  if (outcomes.joint.sums === null) {
    const { value, interval, p } = pairedGain(better.count, worse.count, rows.count, confidence);
    return { ...about, value, low: interval.low, high: interval.high, confidence, p, method: "mcnemar-exact" };
  }
  const value = (better.sum - worse.sum) / rows.sum;
  const same = rows.square - better.square - worse.square;
  const variance =
    (better.square * (1 - value) ** 2 + worse.square * (1 + value) ** 2 + same * value ** 2) / rows.sum ** 2;
  const error = Math.sqrt(variance);
  const half = criticalValue(confidence) * error;
  return {
    ...about,
    value,
    low: Math.max(-1, value - half),
    high: Math.min(1, value + half),
    confidence,
    p: error > 0 ? Math.min(1, 2 * (1 - normalCdf(Math.abs(value) / error))) : 1,
    method: "linearised-paired",
  };
}

/** Groups whose joint tables are resampled at most. */
const mostGroups = 200;

/**
 * Replicates of the held-out rows alone, as multinomial draws on group × label × before × after: rules stay as they are.
 * Null for weighted rows, whose sums are no counts.
 */
export async function resampleOutcomes(
  device: Device,
  { joint }: OutcomeTable,
  run: { readonly groups: number; readonly replicates: number; readonly seed: number; readonly stream: number },
): Promise<Draws | null> {
  const { groups, replicates, seed, stream } = run;
  if (joint.sums !== null || groups > mostGroups) return null;
  const counts = new Float64Array(groups * 8);
  for (let group = 0; group < groups; group++)
    counts.set(joint.counts.subarray(group * 16 + 8, group * 16 + 16), group * 8);
  const width = (groups + 1) * 2 * rateNames.length;
  const values = new Float64Array(replicates * width);
  const draws = await resample(device, { counts, replicates, seed, stream });
  const tally = new RateTally(groups);
  for (let replicate = 0; replicate < replicates; replicate++) {
    tally.clear();
    for (let cell = 0; cell < counts.length; cell++) {
      const times = draws[replicate * counts.length + cell] ?? 0;
      if (times > 0) tally.add(cell >> 3, (cell >> 2) & 1, times, (cell >> 1) & 1, cell & 1);
    }
    tally.write(values, replicate * width);
  }
  return { replicates, groups, values };
}

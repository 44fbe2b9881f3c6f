import { hypergeometric, PhiloxStream, shuffledIndex } from "@assay/compute";
import { streams } from "./streams.ts";

/** Times each row stands for among the rows learned from, and among those held out. */
export interface Split {
  readonly train: Float64Array;
  readonly test: Float64Array;
}

/**
 * Holds out a share of every stratum (to the nearest row), drawn by the seed: a row's place in a shuffle of its stratum
 * decides. Where a row stands for many people, some of them are held out, drawn without replacement.
 * @param strata of each row, from 0; −1 leaves a row out
 */
export function drawSplit(
  strata: Int32Array,
  size: number,
  counts: Float64Array | null,
  share: number,
  seed: number,
): Split {
  const totals = new Float64Array(size);
  for (const [row, stratum] of strata.entries()) {
    if (stratum >= 0) totals[stratum] = (totals[stratum] ?? 0) + (counts?.[row] ?? 1);
  }
  const train = new Float64Array(strata.length);
  const test = new Float64Array(strata.length);
  const held = totals.map((total) => Math.round(total * share));
  const seen = new Float64Array(size);
  const taken = new Float64Array(size);
  for (const [row, stratum] of strata.entries()) {
    if (stratum < 0) continue;
    const times = counts?.[row] ?? 1;
    const before = seen[stratum] ?? 0;
    const total = totals[stratum] ?? 0;
    const wanted = held[stratum] ?? 0;
    let drawn: number;
    if (counts === null) {
      drawn = shuffledIndex(seed, streams.split + stratum, total, before) < wanted ? 1 : 0;
    } else {
      const rest = total - before;
      const random = new PhiloxStream(seed, streams.split, row * 1_048_576);
      drawn = hypergeometric(random, times, rest - times, wanted - (taken[stratum] ?? 0));
    }
    seen[stratum] = before + times;
    taken[stratum] = (taken[stratum] ?? 0) + drawn;
    test[row] = drawn;
    train[row] = times - drawn;
  }
  return { train, test };
}

/** The split that a column of the data tells: `train` or `test`, whatever the case; other rows are left out. */
export function readSplit(
  column: { readonly codes: ArrayLike<number>; readonly levels: readonly string[] },
  strata: Int32Array,
  counts: Float64Array | null,
): Split {
  const train = new Float64Array(strata.length);
  const test = new Float64Array(strata.length);
  const words = column.levels.map((level) => level.trim().toLowerCase());
  for (const [row, stratum] of strata.entries()) {
    if (stratum < 0) continue;
    const code = column.codes[row] ?? 0;
    const word = code === 0 ? "" : words[code - 1];
    if (word === "train") train[row] = counts?.[row] ?? 1;
    else if (word === "test") test[row] = counts?.[row] ?? 1;
  }
  return { train, test };
}

import type { Ranks, RanksInput } from "./index.ts";

/** A comparison sort of row numbers, then one row after the other. */
export function ranksReference({ scores, weights, strata, parts, counts, order }: RanksInput): Ranks {
  const number = (value: number | undefined): number => (value ?? 0) + 0;
  const partOf = (row: number): number => parts?.codes[row] ?? 0;
  const kept = Array.from(scores, (_, row) => row).filter(
    (row) =>
      strata.codes[row] !== 0 &&
      !Number.isNaN(scores[row]) &&
      !Number.isNaN(weights?.[row] ?? 0) &&
      counts?.[row] !== 0,
  );
  const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
  kept.sort(
    (a, b) =>
      partOf(a) - partOf(b) ||
      compare(number(scores[a]), number(scores[b])) ||
      compare(number(weights?.[a]), number(weights?.[b])) ||
      a - b,
  );
  const sizes = new Uint32Array(parts?.size ?? 1);
  const found: { score: number; weight: number; rows: number[] }[] = [];
  let last: number | null = null;
  for (const row of kept) {
    const [score, weight] = [number(scores[row]), number(weights?.[row])];
    const entry = found.at(-1);
    const same = last !== null && partOf(last) === partOf(row) && entry?.score === score && entry.weight === weight;
    const into = same && entry ? entry : { score, weight, rows: new Array<number>(strata.size - 1).fill(0) };
    if (into !== entry) {
      found.push(into);
      sizes[partOf(row)] = (sizes[partOf(row)] ?? 0) + 1;
    }
    const stratum = (strata.codes[row] ?? 0) - 1;
    into.rows[stratum] = (into.rows[stratum] ?? 0) + (counts?.[row] ?? 1);
    last = row;
  }
  const rows = Array.from({ length: strata.size - 1 }, (_, stratum) => found.map((entry) => entry.rows[stratum] ?? 0));
  return {
    sizes,
    scores: Float64Array.from(found, (entry) => entry.score),
    weights: weights && Float64Array.from(found, (entry) => entry.weight),
    rows: counts ? Float64Array.from(rows.flat()) : Uint32Array.from(rows.flat()),
    order: order ? Uint32Array.from(kept) : null,
  };
}

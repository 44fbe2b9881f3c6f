import { type Device, resample } from "@assay/compute";
import { type ScoreCells, strata } from "./cells.ts";
import type { GroupScores } from "./hull.ts";
import { type Learned, type Lesson, learn } from "./learn.ts";
import type { Mixture } from "./mixture.ts";

/** Rates of a group, or of all rows, in this order. */
export const rateNames = ["selection-rate", "true-positive-rate", "false-positive-rate", "accuracy"] as const;
export type RateName = (typeof rateNames)[number];

/** Before, after, and without the constraint. */
const versions = 3;
export type VersionPlace = 0 | 1 | 2;

/** Rates in every replicate: replicates × (groups and, last, all rows) × versions × rates; NaN where not defined. */
export interface Draws {
  readonly replicates: number;
  readonly groups: number;
  readonly values: Float64Array;
}

export function drawAt(draws: Draws, replicate: number, group: number, version: VersionPlace, rate: number): number {
  const place = ((replicate * (draws.groups + 1) + group) * versions + version) * rateNames.length + rate;
  return draws.values[place] ?? Number.NaN;
}

/** Beyond these, replicates would take too long: intervals are then of the rules as they were learned. */
const most = { groups: 200, cells: 60_000 } as const;
/** Stretches that scores are cut into at most, besides those at which a rule was learned to cut. */
const mostStretches = 1000;

export interface ReplicateInput {
  readonly train: ScoreCells;
  readonly test: ScoreCells;
  readonly learned: Learned;
  readonly lesson: Omit<Lesson, "groups" | "pooled">;
  /** Whether decisions before come with the rows; else they are those of one threshold, learned anew as well. */
  readonly decided: boolean;
  readonly replicates: number;
  readonly seed: number;
  readonly stream: number;
  readonly signal: AbortSignal;
}

/** Cells of one part, those with rows: what they are, and how many rows they hold. */
interface Cells {
  readonly group: Uint32Array;
  readonly stretch: Uint32Array;
  readonly stratum: Uint8Array;
  readonly weight: Float64Array;
  readonly counts: Float64Array;
}

/**
 * The whole of it again and again: rows learned from and rows held out are drawn anew, as multinomial draws on their cells,
 * the rules are learned from the one and measured on the other. What spreads between replicates holds both the spread of
 * rules and that of the rows they are measured on. Null where there are too many groups or cells.
 */
export async function replicate(device: Device, input: ReplicateInput): Promise<Draws | null> {
  const { train, test, learned, lesson, replicates, seed, stream, signal } = input;
  const groups = train.sizes.length;
  if (groups > most.groups) return null;
  const edges = edgesOf(train, learned);
  const learnedFrom = cellsOf(train, edges);
  const heldOut = cellsOf(test, edges);
  if (learnedFrom.counts.length + heldOut.counts.length > most.cells) return null;
  const width = (groups + 1) * versions * rateNames.length;
  const values = new Float64Array(replicates * width);
  const tally = new RateTally(groups);
  // Few at once: draws of many cells are large.
  const chunk = Math.max(1, Math.floor(2_000_000 / (learnedFrom.counts.length + heldOut.counts.length + 1)));
  for (let first = 0; first < replicates; first += chunk) {
    const some = Math.min(chunk, replicates - first);
    signal.throwIfAborted();
    const common = { replicates: some, seed, first };
    const trains = await resample(device, { ...common, counts: learnedFrom.counts, stream });
    const tests = await resample(device, { ...common, counts: heldOut.counts, stream: stream + 1 });
    for (let index = 0; index < some; index++) {
      const drawn = scoresOf(learnedFrom, trains, index, edges, groups);
      const again = learn({ ...lesson, ...drawn });
      const rules = again.rules.map((rule) => chancesOf(rule, edges));
      const free = again.unconstrained.map((rule) => chancesOf(rule, edges));
      const plain = input.decided ? null : chancesOf(again.plain, edges);
      tally.clear();
      const cells = heldOut.counts.length;
      for (let cell = 0; cell < cells; cell++) {
        const times = tests[index * cells + cell] ?? 0;
        if (times === 0) continue;
        const group = heldOut.group[cell] ?? 0;
        const stretch = heldOut.stretch[cell] ?? 0;
        const stratum = heldOut.stratum[cell] ?? 0;
        const before = plain === null ? stratum & 1 : (plain[stretch] ?? 0);
        tally.add(group, stratum >> 1, times * (heldOut.weight[cell] ?? 1), [
          before,
          rules[group]?.[stretch] ?? 0,
          free[group]?.[stretch] ?? 0,
        ]);
      }
      tally.write(values, (first + index) * width);
    }
  }
  return { replicates, groups, values };
}

/** Lower ends of stretches of scores: every score learned from where they are few, else cut evenly, and at every rule. */
function edgesOf({ scores }: ScoreCells, learned: Learned): Float64Array {
  const unique = Float64Array.from(new Set(scores)).sort();
  if (unique.length <= mostStretches) return unique;
  const kept = new Set<number>();
  const step = unique.length / mostStretches;
  for (let place = 0; place < mostStretches; place++) kept.add(unique[Math.floor(place * step)] ?? 0);
  for (const curve of learned.curves) {
    for (const { threshold } of curve?.hull ?? []) if (Number.isFinite(threshold)) kept.add(threshold);
  }
  return Float64Array.from(kept).sort();
}

/** The last edge at or below a score; scores below all edges belong to the first. */
function stretchOf(edges: Float64Array, score: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((edges[middle] ?? 0) <= score) low = middle;
    else high = middle - 1;
  }
  return low;
}

function cellsOf({ sizes, scores, weights, rows }: ScoreCells, edges: Float64Array): Cells {
  const held = new Map<string, { group: number; stretch: number; stratum: number; weight: number; count: number }>();
  let entry = 0;
  for (const [group, size] of sizes.entries()) {
    for (const end = entry + size; entry < end; entry++) {
      const stretch = stretchOf(edges, scores[entry] ?? 0);
      const weight = weights?.[entry] ?? 1;
      for (let stratum = 0; stratum < strata; stratum++) {
        const count = rows[stratum * scores.length + entry] ?? 0;
        if (count === 0) continue;
        const key = `${group},${stretch},${stratum},${weight}`;
        const cell = held.get(key);
        if (cell) cell.count += count;
        else held.set(key, { group, stretch, stratum, weight, count });
      }
    }
  }
  const cells = [...held.values()];
  return {
    group: Uint32Array.from(cells, (cell) => cell.group),
    stretch: Uint32Array.from(cells, (cell) => cell.stretch),
    stratum: Uint8Array.from(cells, (cell) => cell.stratum),
    weight: Float64Array.from(cells, (cell) => cell.weight),
    counts: Float64Array.from(cells, (cell) => cell.count),
  };
}

function scoresOf(
  cells: Cells,
  draws: Uint32Array,
  index: number,
  edges: Float64Array,
  groups: number,
): { readonly groups: readonly GroupScores[]; readonly pooled: GroupScores } {
  const own = Array.from({ length: groups }, () => ({
    scores: edges,
    positive: new Float64Array(edges.length),
    negative: new Float64Array(edges.length),
  }));
  const pooled = { scores: edges, positive: new Float64Array(edges.length), negative: new Float64Array(edges.length) };
  const count = cells.counts.length;
  for (let cell = 0; cell < count; cell++) {
    const rows = (draws[index * count + cell] ?? 0) * (cells.weight[cell] ?? 1);
    if (rows === 0) continue;
    const stretch = cells.stretch[cell] ?? 0;
    const side = (cells.stratum[cell] ?? 0) >= 2 ? "positive" : "negative";
    for (const one of [own[cells.group[cell] ?? 0], pooled]) {
      if (one) one[side][stretch] = (one[side][stretch] ?? 0) + rows;
    }
  }
  return { groups: own, pooled };
}

/** Chance of acceptance in every stretch. */
function chancesOf(rule: Mixture, edges: Float64Array): Float64Array {
  const chances = new Float64Array(edges.length);
  for (const { corner, probability } of rule) {
    if (corner.threshold === Number.POSITIVE_INFINITY) continue;
    const first = corner.threshold === Number.NEGATIVE_INFINITY ? 0 : stretchOf(edges, corner.threshold);
    for (let stretch = first; stretch < chances.length; stretch++) {
      chances[stretch] = (chances[stretch] ?? 0) + probability;
    }
  }
  return chances;
}

/** Sums of a group: rows −, rows +, then accepted − and + of each version. */
const fields = 2 + 2 * versions;

/** Sums of rows by label and decision, for each group and all, in every version, turned into rates. */
class RateTally {
  readonly #groups: number;
  /** groups × fields. */
  readonly #sums: Float64Array;

  constructor(groups: number) {
    this.#groups = groups;
    this.#sums = new Float64Array(groups * fields);
  }

  clear(): void {
    this.#sums.fill(0);
  }

  /** `chances` of a positive decision, one for each version. */
  add(group: number, label: number, rows: number, chances: readonly [number, number, number]): void {
    const sums = this.#sums;
    const start = group * fields + label;
    sums[start] = (sums[start] ?? 0) + rows;
    for (let version = 0; version < versions; version++) {
      const at = start + 2 + 2 * version;
      sums[at] = (sums[at] ?? 0) + rows * (chances[version] ?? 0);
    }
  }

  write(values: Float64Array, at: number): void {
    const width = versions * rateNames.length;
    const all = new Float64Array(fields);
    for (let group = 0; group < this.#groups; group++) {
      const own = this.#sums.subarray(group * fields, (group + 1) * fields);
      for (const [field, sum] of own.entries()) all[field] = (all[field] ?? 0) + sum;
      writeRates(own, values, at + group * width);
    }
    writeRates(all, values, at + this.#groups * width);
  }
}

function writeRates(sums: Float64Array, values: Float64Array, at: number): void {
  const [negative = 0, positive = 0] = sums;
  for (let version = 0; version < versions; version++) {
    const fp = sums[2 + version * 2] ?? 0;
    const tp = sums[3 + version * 2] ?? 0;
    const start = at + version * rateNames.length;
    const rows = negative + positive;
    values[start] = (tp + fp) / rows;
    values[start + 1] = tp / positive;
    values[start + 2] = fp / negative;
    values[start + 3] = (tp + negative - fp) / rows;
  }
}

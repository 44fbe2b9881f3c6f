import type { CellSums, OutcomeTable } from "./outcomes.ts";
import { type Draws, drawAt, type RateName, rateNames } from "./threshold/replicates.ts";

/** The two groups whose difference a gap is, and of which rate. */
export interface Furthest {
  readonly rate: RateName;
  readonly most: number;
  readonly least: number;
}

/**
 * Correlation of the gap before and the gap after, as differences of the groups that lie furthest apart in each: rows held out are
 * the same before and after. From replicates where the rules are learned anew in each, else from the paired table.
 */
export function gapCorrelation(
  before: Furthest,
  after: Furthest,
  outcomes: OutcomeTable,
  relearned: Draws | null,
): number {
  const { was, is, both } = relearned === null ? ofTable(before, after, outcomes) : ofDraws(before, after, relearned);
  if (!(was > 0 && is > 0)) return 0;
  return Math.max(-1, Math.min(1, both / Math.sqrt(was * is)));
}

interface Moments {
  readonly was: number;
  readonly is: number;
  readonly both: number;
}

function ofDraws(before: Furthest, after: Furthest, draws: Draws): Moments {
  const gap = (draw: number, { rate, most, least }: Furthest, version: 0 | 1): number => {
    const place = rateNames.indexOf(rate);
    return drawAt(draws, draw, most, version, place) - drawAt(draws, draw, least, version, place);
  };
  const pairs = Array.from(
    { length: draws.replicates },
    (_, draw) => [gap(draw, before, 0), gap(draw, after, 1)] as const,
  );
  const defined = pairs.filter(([was, is]) => !Number.isNaN(was) && !Number.isNaN(is));
  const mean = [0, 1].map((side) => defined.reduce((sum, pair) => sum + (pair[side] ?? 0), 0) / defined.length);
  const [meanWas = 0, meanIs = 0] = mean;
  const moments = { was: 0, is: 0, both: 0 };
  for (const [was, is] of defined) {
    moments.was += (was - meanWas) ** 2;
    moments.is += (is - meanIs) ** 2;
    moments.both += (was - meanWas) * (is - meanIs);
  }
  return moments;
}

function ofTable(before: Furthest, after: Furthest, { joint }: OutcomeTable): Moments {
  const moments = { was: 0, is: 0, both: 0 };
  const weightOf = (group: number, { most, least }: Furthest): number =>
    Number(group === most) - Number(group === least);
  for (const group of new Set([before.most, before.least, after.most, after.least])) {
    const [was, is] = [weightOf(group, before), weightOf(group, after)];
    const own = groupMoments(joint, group, before.rate);
    const other = before.rate === after.rate ? own : groupMoments(joint, group, after.rate);
    moments.was += was * was * own.was;
    moments.is += is * is * other.is;
    // Rates of different rows do not vary together.
    if (before.rate === after.rate) moments.both += was * is * own.both;
  }
  return moments;
}

/** Rows that a rate stands on, by label; what counts as a hit, given label and decision. */
const kinds: Readonly<
  Record<RateName, { among: readonly number[]; hit: (label: number, decision: number) => boolean }>
> = {
  accuracy: { among: [0, 1], hit: (label, decision) => label === decision },
  "false-positive-rate": { among: [0], hit: (_, decision) => decision === 1 },
  "selection-rate": { among: [0, 1], hit: (_, decision) => decision === 1 },
  "true-positive-rate": { among: [1], hit: (_, decision) => decision === 1 },
};

/**
 * Variances and covariance of one group's rate before and after, linearised. Half an average row stands in each cell of rows that
 * are decided differently, as in A. Agresti and Y. Min, Statistics in Medicine 24 (2005) 729–740, doi:10.1002/sim.1781: such rows
 * may be few.
 */
function groupMoments({ counts, sums, squares }: CellSums, group: number, rate: RateName): Moments {
  const { among, hit } = kinds[rate];
  // Hit neither time, after alone, before alone, both times.
  const mass = new Float64Array(4);
  const spread = new Float64Array(4);
  for (const label of among) {
    for (let cell = 0; cell < 4; cell++) {
      const place = ((group * 2 + 1) * 2 + label) * 4 + cell;
      const kind = Number(hit(label, cell >> 1)) * 2 + Number(hit(label, cell & 1));
      mass[kind] = (mass[kind] ?? 0) + ((sums ?? counts)[place] ?? 0);
      spread[kind] = (spread[kind] ?? 0) + ((squares ?? counts)[place] ?? 0);
    }
  }
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const row = total(mass) > 0 ? total(spread) / total(mass) : 1;
  for (const kind of [1, 2]) {
    mass[kind] = (mass[kind] ?? 0) + row / 2;
    spread[kind] = (spread[kind] ?? 0) + (row * row) / 2;
  }
  const all = total(mass);
  const [, later = 0, earlier = 0, always = 0] = mass;
  const [was, is] = [(earlier + always) / all, (later + always) / all];
  const moments = { was: 0, is: 0, both: 0 };
  for (const [kind, squared] of spread.entries()) {
    const [offBefore, offAfter] = [(kind >> 1) - was, (kind & 1) - is];
    moments.was += (squared * offBefore * offBefore) / (all * all);
    moments.is += (squared * offAfter * offAfter) / (all * all);
    moments.both += (squared * offBefore * offAfter) / (all * all);
  }
  return moments;
}

import type { Measure } from "@assay/schema";
import type { Group } from "../../groups/groups.ts";
import { groupOf } from "../../groups/reading.ts";
import { heldMeasure } from "../../held-measure.ts";
import { criticalValue, effectiveCounts, type Interval, wilsonAt } from "../../statistics/index.ts";
import { fitTest } from "./fit.ts";
import type { Input } from "./settings.ts";

/** A known group's share, and what the population has of it. */
export interface GroupShare {
  readonly values: readonly (string | null)[];
  readonly rows: number;
  /** Among rows of known groups; NaN where there is none. */
  readonly share: number;
  readonly interval: Interval;
  /** Null where no population is given, or it does not name the group. */
  readonly population: number | null;
  /** Share among rows of the population's groups, over the population's; null likewise, or without such a row. */
  readonly ratio: (Interval & { readonly value: number }) | null;
}

export interface Shares {
  readonly by: readonly string[];
  /** Known groups in the order of levels, then groups that only the population has. */
  readonly groups: readonly GroupShare[];
  readonly unknown: readonly { readonly values: readonly (string | null)[]; readonly rows: number }[];
  /** Rows of known groups; of those that the population names. */
  readonly rows: number;
  readonly compared: number;
  readonly weighted: boolean;
  readonly measures: readonly Measure[];
}

interface Sized {
  readonly values: readonly (string | null)[];
  readonly rows: number;
  readonly sum: number;
  readonly squares: number;
}

/**
 * Shares of the groups with intervals that hold for all at once: Wilson's at a critical value divided over the groups
 * (L. A. Goodman, Technometrics 7 (1965) 247–254, doi:10.1080/00401706.1965.10490252), and against a population's shares.
 */
export function sharesOf(
  by: readonly string[],
  groups: readonly Group[],
  population: ReadonlyMap<string, number> | null,
  input: Input,
  run: { readonly seed: number; readonly stream: number },
): Shares {
  const sized = groups.filter((group) => group.known).map(sizeOf);
  const weighted = groups.some((group) => group.weights !== null);
  const present = new Set(sized.map(({ values }) => values[0]));
  const absent = [...(population?.keys() ?? [])].filter((name) => !present.has(name));
  const all: Sized[] = [...sized, ...absent.map((name): Sized => ({ values: [name], rows: 0, sum: 0, squares: 0 }))];
  const critical = criticalValue(1 - (1 - input.confidence) / Math.max(1, all.length));
  const everyone = totalOf(all);
  const named = (one: Sized): number | null => population?.get(one.values[0] ?? "") ?? null;
  const compared = all.filter((one) => named(one) !== null);
  const among = totalOf(compared);
  const shares = all.map((one): GroupShare => {
    const own = intervalOf(one, everyone, critical);
    const share = named(one);
    const inside = share === null || !(among.sum > 0) ? null : intervalOf(one, among, critical);
    return {
      values: one.values,
      rows: one.rows,
      share: own.value,
      interval: own,
      population: share,
      ratio:
        inside && share !== null
          ? { value: inside.value / share, low: inside.low / share, high: inside.high / share }
          : null,
    };
  });
  const unknown = groups.filter((group) => !group.known).map(({ values, rows }) => ({ values, rows }));
  return {
    by,
    groups: shares,
    unknown,
    rows: everyone.rows,
    compared: among.rows,
    weighted,
    measures: population === null ? [] : [distanceOf(by, shares, among, input, run)],
  };
}

/** Measures of one group: its share, and the ratio to the population's where there is one. */
export function shareMeasures(shares: Shares, one: GroupShare, input: Input): Measure[] {
  const { confidence } = input;
  const group = groupOf(shares.by, one.values);
  const method = shares.weighted ? "goodman-effective" : "goodman";
  const n = shares.rows;
  const share: Measure = Number.isNaN(one.share)
    ? { metric: "representation-share", value: null, group, n, reason: "no row of a known group" }
    : {
        metric: "representation-share",
        value: one.share,
        group,
        low: one.interval.low,
        high: one.interval.high,
        confidence,
        n,
        method,
      };
  if (!shares.groups.some(({ population }) => population !== null)) return [share];
  const metric = "representation-ratio";
  if (one.ratio === null) {
    const reason =
      one.population === null ? "the population names no such group" : "no row of a group that the population names";
    return [share, { metric, value: null, group, n: shares.compared, reason }];
  }
  const { value, low, high } = one.ratio;
  return [share, { metric, value, group, low, high, confidence, n: shares.compared, method }];
}

function sizeOf({ values, rows, counts, weights }: Group): Sized {
  const sum = (cells: Float64Array): number => cells.reduce((total, cell) => total + cell, 0);
  return weights
    ? { values, rows, sum: sum(weights.sums), squares: sum(weights.squares) }
    : { values, rows, sum: sum(counts), squares: sum(counts) };
}

interface Total {
  readonly rows: number;
  readonly sum: number;
  readonly squares: number;
}

function totalOf(groups: readonly Sized[]): Total {
  let [rows, sum, squares] = [0, 0, 0];
  for (const one of groups) {
    rows += one.rows;
    sum += one.sum;
    squares += one.squares;
  }
  return { rows, sum, squares };
}

function intervalOf(one: Sized, total: Total, critical: number): Interval & { readonly value: number } {
  if (!(total.sum > 0)) return { value: Number.NaN, low: 0, high: 1 };
  const value = one.sum / total.sum;
  const { k, n } = effectiveCounts(one, { sum: total.sum - one.sum, squares: total.squares - one.squares });
  const { low, high } = wilsonAt(k, n, critical);
  // Rounding in the weighted share must not put the value outside.
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}

/**
 * Share of rows that would have to be of another group for the data to have the population's shares (total variation). Its
 * interval follows from the groups' simultaneous ones, since the shares above and those below the population's differ from
 * it by the same amount: it holds wherever theirs do, and 0 is inside wherever every share may be the population's.
 */
function distanceOf(
  by: readonly string[],
  shares: readonly GroupShare[],
  among: Total,
  input: Input,
  run: { readonly seed: number; readonly stream: number },
): Measure {
  const metric = "representation-distance";
  const compared = shares.flatMap(({ population, ratio }) =>
    population === null || ratio === null ? [] : [{ population, ratio }],
  );
  if (compared.length === 0 || !(among.sum > 0)) {
    return { metric, value: null, by: [...by], reason: "no row of a group that the population names" };
  }
  let [value, lowAbove, lowBelow, highAbove, highBelow] = [0, 0, 0, 0, 0];
  for (const { population: share, ratio } of compared) {
    value += Math.max(0, ratio.value * share - share);
    lowAbove += Math.max(0, ratio.low * share - share);
    lowBelow += Math.max(0, share - ratio.high * share);
    highAbove += Math.max(0, ratio.high * share - share);
    highBelow += Math.max(0, share - ratio.low * share);
  }
  const effective = (among.sum * among.sum) / among.squares;
  const test = fitTest(
    compared.map(({ population, ratio }) => ratio.value * population),
    compared.map(({ population }) => population),
    effective,
    { replicates: input.replicates, ...run },
  );
  const measure: Measure = {
    metric,
    value,
    by: [...by],
    low: Math.min(value, Math.max(lowAbove, lowBelow)),
    high: Math.max(value, Math.min(1, highAbove, highBelow)),
    confidence: input.confidence,
    n: among.rows,
    method: test === null ? "goodman-bounds" : `goodman-bounds, ${test.method}`,
  };
  return { ...heldMeasure(measure, test?.p, 0), ...(test === null ? {} : { p: test.p }) };
}

import type { Measure } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { groupKey } from "../../../groups/group-measures.ts";
import type { ListMetric } from "../../../metrics/lists/index.ts";
import { studentQuantile } from "../../../statistics/index.ts";
import type { Input } from "../settings.ts";
import { listsFor, pooledLists, rowMetrics } from "./given.ts";
import { estimateList, jackknifeError, listInterval } from "./jackknife.ts";
import { fewestLists, mostCells } from "./limits.ts";
import { type ListGroup, listGroupsOf, type Places, placesOf, type RankedList } from "./places.ts";
import type { ListSummary } from "./summary.ts";

export const strataReasons = {
  within: "the control column differs within lists: only means over rows are told of its strata",
  many: "too many strata and groups in lists to be held apart",
  none: "no stratum holds rows of both groups",
} as const;

/**
 * Places of one protected column's groups within each stratum of the control columns, and their differences from the comparator pooled
 * over strata. A place is always that of the whole list. Where a list holds rows of several strata, only what is a mean over rows
 * can be told of a stratum: of what compares groups with one another in their list the reason is told.
 */
export function stratifiedPlaces(
  summary: ListSummary,
  lists: readonly RankedList[],
  column: string,
  reference: string | null,
  { roles, input }: AuditContext<Input>,
): Measure[] {
  const control = roles.control.map(({ name }) => name);
  const metrics = listsFor(roles);
  const pooledNames = new Set(pooledLists(roles).map(({ name }) => name));
  const totals = new Map<string, number>();
  for (const { values, rows } of listGroupsOf(summary, [column]).groups) {
    const [value] = values;
    if (value !== null && value !== undefined) totals.set(value, rows);
  }
  const largest = [...totals].reduce<[string, number] | null>(
    (most, one) => (most && most[1] >= one[1] ? most : one),
    null,
  );
  const comparator = reference ?? largest?.[0] ?? null;
  const isEnough = (value: string): boolean => (totals.get(value) ?? 0) >= input.min_count;
  if (comparator === null || !isEnough(comparator)) return [];
  const others = [...totals.keys()].filter((value) => value !== comparator && isEnough(value));
  const refused = (metric: ListMetric, value: string, reason: string): Measure => ({
    metric: `${metric.name}-difference-pooled`,
    value: null,
    group: { [column]: value },
    reference: comparator,
    reason,
  });
  const found = listGroupsOf(summary, [...control, column]);
  if (found.groups.length * lists.length > mostCells) {
    const told = metrics.filter(({ name }) => pooledNames.has(name));
    return told.flatMap((metric) => others.map((value) => refused(metric, value, strataReasons.many)));
  }
  const places = placesOf(summary, lists, found, input.top);
  const isWhole = strataKeptWhole(places, control.length);
  const measures: Measure[] = [];
  for (const metric of metrics) {
    const isPooled = pooledNames.has(metric.name);
    if (!isWhole && !rowMetrics.includes(metric.name)) {
      if (isPooled) measures.push(...others.map((value) => refused(metric, value, strataReasons.within)));
      continue;
    }
    for (const [group, { values }] of places.groups.entries()) {
      measures.push(ofStratum(metric, places, group, column, values, control, input.confidence));
    }
    for (const value of isPooled ? others : []) {
      const pooled = pooledDifference(metric, places, value, comparator, input.confidence);
      measures.push(
        pooled === null
          ? refused(metric, value, strataReasons.none)
          : {
              metric: `${metric.name}-difference-pooled`,
              group: { [column]: value },
              reference: comparator,
              confidence: input.confidence,
              ...pooled,
            },
      );
    }
  }
  return measures;
}

/** Whether all rows of every list are of one stratum. */
function strataKeptWhole({ groups, lists, cells }: Places, width: number): boolean {
  const strata = groups.map(({ values }) => JSON.stringify(values.slice(0, width)));
  for (let list = 0; list < lists.length; list++) {
    let seen: string | null = null;
    for (const [group, stratum] of strata.entries()) {
      if (!((cells.rows[list * groups.length + group] ?? 0) > 0)) continue;
      if (seen !== null && seen !== stratum) return false;
      seen = stratum;
    }
  }
  return true;
}

function ofStratum(
  metric: ListMetric,
  places: Places,
  group: number,
  column: string,
  values: ListGroup["values"],
  control: readonly string[],
  confidence: number,
): Measure {
  const one = estimateList(metric, places, group);
  const head = {
    metric: metric.name,
    group: { [column]: values.at(-1) ?? null },
    stratum: groupKey(control, values.slice(0, -1)),
    n: one.n,
  };
  if (Number.isNaN(one.value)) return { ...head, value: null, reason: metric.undefinedReason };
  const interval = listInterval(metric, one, confidence);
  if (interval) return { ...head, value: one.value, ...interval, confidence };
  return {
    ...head,
    value: one.value,
    reason: `fewer than ${fewestLists} lists hold a group: too few to tell how others would be`,
  };
}

/** What two groups of one stratum have over and under the line, in all lists and in each. */
interface Pair {
  readonly one: number;
  readonly other: number;
}

/**
 * Differences of strata weighed by u₁u₀ / (u₁ + u₀), u being what stands under the line, as Mantel and Haenszel do for rates; the
 * error leaves each list out of everything, weights included. Null where no stratum has both groups.
 */
function pooledDifference(
  metric: ListMetric,
  places: Places,
  value: string,
  comparator: string,
  confidence: number,
): Pick<Measure, "high" | "low" | "method" | "n" | "reason" | "value"> | null {
  const { groups, lists, cells } = places;
  const size = groups.length;
  const pairs = pairsOf(groups, value, comparator);
  const over = cells[metric.over];
  const under = cells[metric.under];
  const totals = new Float64Array(2 * size);
  for (let list = 0; list < lists.length; list++) {
    for (let group = 0; group < size; group++) {
      totals[group] = (totals[group] ?? 0) + (over[list * size + group] ?? 0);
      totals[size + group] = (totals[size + group] ?? 0) + (under[list * size + group] ?? 0);
    }
  }
  /** Weight, and weight × difference, of a stratum without one list; none where the list is null. */
  const termOf = ({ one, other }: Pair, list: number | null): readonly [number, number] => {
    const part = (group: number): readonly [number, number] => {
      const at = list === null ? -1 : list * size + group;
      return [(totals[group] ?? 0) - (over[at] ?? 0), (totals[size + group] ?? 0) - (under[at] ?? 0)];
    };
    const [[over1, under1], [over0, under0]] = [part(one), part(other)];
    if (!(under1 > 0 && under0 > 0)) return [0, 0];
    const weight = (under1 * under0) / (under1 + under0);
    return [weight, weight * (over1 / under1 - over0 / under0)];
  };
  const whole = pairs.map((pair) => termOf(pair, null));
  const weights = whole.reduce((sum, [weight]) => sum + weight, 0);
  if (!(weights > 0)) return null;
  const weighted = whole.reduce((sum, [, term]) => sum + term, 0);
  const difference = weighted / weights;
  const without = new Float64Array(lists.length).fill(Number.NaN);
  let held = 0;
  for (let list = 0; list < lists.length; list++) {
    let [ownWeights, ownSum] = [weights, weighted];
    let isIn = false;
    for (const [stratum, pair] of pairs.entries()) {
      const has = (group: number): boolean => (under[list * size + group] ?? 0) > 0;
      if (!has(pair.one) && !has(pair.other)) continue;
      isIn = true;
      const [weight = 0, term = 0] = whole[stratum] ?? [];
      const [left, rest] = termOf(pair, list);
      ownWeights += left - weight;
      ownSum += rest - term;
    }
    if (!isIn) continue;
    held++;
    if (ownWeights > 0) without[list] = ownSum / ownWeights;
  }
  const n = pairs.reduce((sum, pair) => sum + rowsOf(places, pair.one), 0);
  const error = jackknifeError(without);
  if (held < fewestLists || !(error > 0)) {
    const reason =
      held < fewestLists
        ? `fewer than ${fewestLists} lists hold a group: too few to tell how others would be`
        : "the lists show no spread";
    return { value: difference, n, reason };
  }
  const half = studentQuantile(0.5 + confidence / 2, held - 1) * error;
  const width = metric.range[1] - metric.range[0];
  return {
    value: difference,
    low: Math.max(-width, difference - half),
    high: Math.min(width, difference + half),
    n,
    method: "jackknife-lists",
  };
}

/** The two groups in every known stratum that has both. */
function pairsOf(groups: readonly ListGroup[], value: string, comparator: string): Pair[] {
  const placeOf = new Map(groups.map(({ values }, group) => [JSON.stringify(values), group]));
  return groups.flatMap(({ values, known }, one): Pair[] => {
    if (!known || values.at(-1) !== value) return [];
    const other = placeOf.get(JSON.stringify([...values.slice(0, -1), comparator]));
    return other === undefined ? [] : [{ one, other }];
  });
}

function rowsOf({ groups, lists, cells }: Places, group: number): number {
  let rows = 0;
  for (let list = 0; list < lists.length; list++) rows += cells.rows[list * groups.length + group] ?? 0;
  return rows;
}

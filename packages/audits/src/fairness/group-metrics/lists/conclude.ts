import type { Measure } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { groupKey } from "../../../groups/group-measures.ts";
import { mostPrinted } from "../../../groups/limits.ts";
import { heldMeasure } from "../../../held-measure.ts";
import type { ListMetric } from "../../../metrics/lists/index.ts";
import { studentQuantile } from "../../../statistics/index.ts";
import { rangeOfFew } from "../group-figures.ts";
import { outputsOf } from "../outputs.ts";
import type { Part, PartMeasure } from "../part.ts";
import type { Input } from "../settings.ts";
import { listFigures } from "./figures.ts";
import { listsFor } from "./given.ts";
import { estimateList, jackknifeError, type ListEstimate, type ListGap, listGap, listInterval } from "./jackknife.ts";
import { fewestLists, mostCells, mostGroups, mostRows } from "./limits.ts";
import { type ListGroup, listGroupsOf, listsOf, type Places, placesOf } from "./places.ts";
import { divergences, type ShuffleResult, shuffleTest } from "./shuffle.ts";
import { stratifiedPlaces } from "./strata.ts";
import type { ListSummary } from "./summary.ts";
import { listTables } from "./tables.ts";

export const reasons = {
  rows: `more than ${mostRows} different rows in lists`,
  groups: `too many groups: places are compared of at most ${mostGroups}, and of at most ${mostCells} groups in lists`,
  weight: "rows of a list carry no weight: one place is one place; leave columns.weight out to rank",
  one: "one list describes itself alone: groups are dealt anew within it, and no interval is given",
  few: `fewer than ${fewestLists} lists hold a group: too few to tell how others would be`,
  noSpread: "the lists show no spread",
} as const;

/** Places in ranked lists. */
export async function concludeLists(summary: ListSummary, context: AuditContext<Input>): Promise<Part> {
  const { roles, input, signal, plan } = context;
  const lists = listsOf(summary);
  const metrics = listsFor(roles);
  const isAlone = outputsOf(input, roles).decided === null;
  const measures: PartMeasure[] = [
    { metric: "lists", value: lists.length },
    { metric: "rows-without-score", value: summary.scoreless, unit: "rows" },
    ...(roles.query ? [{ metric: "rows-without-query", value: summary.listless, unit: "rows" }] : []),
  ];
  if (isAlone) measures.push({ metric: "count", value: lists.reduce((sum, list) => sum + list.rows, 0) });
  const whole = roles.weight ? reasons.weight : summary.tooMany ? reasons.rows : null;
  for (const [index, by] of roles.groupings.entries()) {
    signal.throwIfAborted();
    const found = listGroupsOf(summary, by);
    const { groups } = found;
    if (isAlone) {
      const printed = new Set([...groups].sort((a, b) => b.rows - a.rows).slice(0, mostPrinted));
      for (const group of groups.filter((one) => printed.has(one))) {
        measures.push({ metric: "count", value: group.rows, group: groupKey(by, group.values), n: group.rows });
      }
    }
    const isMany = groups.length > mostGroups || groups.length * lists.length > mostCells;
    const reason = whole ?? (isMany ? reasons.groups : null);
    if (reason !== null) {
      measures.push(...unknown(metrics, by, reason));
      continue;
    }
    const places = placesOf(summary, lists, found, input.top);
    const compared = groups.flatMap((group, place) => (group.known && group.rows >= input.min_count ? [place] : []));
    const run = { replicates: input.replicates, seed: plan.seed, stream: (index + 1) * 1_000_000 + 950_000, signal };
    const shuffled = compared.length < 2 ? null : await shuffleTest(summary, places, compared, input.top, run);
    measures.push(...ofGrouping(summary, places, compared, shuffled, by, context));
  }
  if (roles.control.length > 0 && whole === null) {
    for (const role of roles.protected) {
      signal.throwIfAborted();
      measures.push(...stratifiedPlaces(summary, lists, role.name, role.reference, context));
    }
  }
  return {
    measures,
    figures: (adjusted) => listFigures(adjusted, context),
    tables: (adjusted, falseDiscovery) => listTables(adjusted, falseDiscovery, context),
  };
}

function unknown(metrics: readonly ListMetric[], by: readonly string[], reason: string): Measure[] {
  return [
    ...metrics.flatMap(({ name, gaps }) =>
      gaps.map((gap): Measure => ({ metric: `${name}-${gap}`, value: null, by: [...by], reason })),
    ),
    { metric: "ndkl", value: null, by: [...by], reason },
  ];
}

function ofGrouping(
  summary: ListSummary,
  places: Places,
  compared: readonly number[],
  shuffled: ShuffleResult | null,
  by: readonly string[],
  { input, roles }: AuditContext<Input>,
): PartMeasure[] {
  const { confidence, min_count: minCount } = input;
  const measures: PartMeasure[] = [];
  for (const metric of listsFor(roles)) {
    const estimates = places.groups.map((_, group) => estimateList(metric, places, group));
    for (const [group, one] of estimates.entries()) {
      measures.push(groupMeasure(metric, places.groups[group], one, by, confidence, places.lists.length));
    }
    if (metric.gaps.length === 0) continue;
    const eligible = compared.flatMap((group) => {
      const one = estimates[group];
      return one && !Number.isNaN(one.value) ? [one] : [];
    });
    if (eligible.length < 2) {
      const reason = `fewer than two groups have ${minCount > 0 ? `${minCount} rows and ` : ""}a defined ${metric.name}`;
      for (const gap of metric.gaps)
        measures.push({ metric: `${metric.name}-${gap}`, value: null, by: [...by], reason });
      continue;
    }
    measures.push(...gapMeasures(metric, listGap(metric, eligible, confidence), eligible, shuffled, by, confidence));
  }
  measures.push(...divergenceMeasures(summary, places, shuffled, by, confidence));
  return measures;
}

/** Why there is no interval. */
function reasonOf(lists: number): string {
  return lists === 1 ? reasons.one : reasons.few;
}

function groupMeasure(
  metric: ListMetric,
  group: ListGroup | undefined,
  one: ListEstimate,
  by: readonly string[],
  confidence: number,
  lists: number,
): Measure {
  const head = { metric: metric.name, group: groupKey(by, group?.values ?? []) };
  if (Number.isNaN(one.value)) return { ...head, value: null, n: one.n, reason: metric.undefinedReason };
  const interval = listInterval(metric, one, confidence);
  if (interval) {
    const { low, high, method } = interval;
    return { ...head, value: one.value, low, high, confidence, n: one.n, method };
  }
  const reason = one.lists < fewestLists ? reasonOf(lists) : reasons.noSpread;
  return { ...head, value: one.value, ...ends(metric.range, confidence), n: one.n, reason };
}

/** Too little to tell: anything that the metric can be. Without ends there is no interval, and no rule speaks of it. */
function ends([low, high]: readonly [number, number], confidence: number): Partial<Measure> {
  return Number.isFinite(low) && Number.isFinite(high) ? { low, high, confidence, method: rangeOfFew } : {};
}

function gapMeasures(
  metric: ListMetric,
  gap: ListGap,
  eligible: readonly ListEstimate[],
  shuffled: ShuffleResult | null,
  by: readonly string[],
  confidence: number,
): PartMeasure[] {
  const n = eligible.reduce((sum, one) => sum + one.n, 0);
  const width = metric.range[1] - metric.range[0];
  const lists = Math.max(...eligible.map((one) => one.lists));
  const head = { by: [...by], n };
  const p =
    metric.test === "lists"
      ? gap.p
      : metric.test === "shuffle"
        ? metric.name === "exposure"
          ? shuffled?.exposure
          : shuffled?.top
        : null;
  const tested = p === null || p === undefined ? {} : { p, hypothesis: metric.name };
  const interval =
    gap.intervals === null
      ? { ...ends([0, width], confidence), reason: reasonOf(lists) }
      : { ...gap.intervals.difference, confidence, method: "jackknife-lists-bonferroni" };
  const measures: PartMeasure[] = [
    {
      ...heldMeasure({ metric: `${metric.name}-difference`, value: gap.difference, ...head, ...interval }, p, 0),
      ...tested,
    },
  ];
  if (!metric.gaps.includes("ratio")) return measures;
  const name = `${metric.name}-ratio`;
  if (Number.isNaN(gap.ratio)) {
    return [...measures, { metric: name, value: null, ...head, reason: `no group has a ${metric.name} above 0` }];
  }
  const ratio =
    gap.intervals === null
      ? { ...ends([0, 1], confidence), reason: reasonOf(lists) }
      : gap.intervals.ratio === null
        ? { ...ends([0, 1], confidence), reason: "a group's value is 0" }
        : { ...gap.intervals.ratio, confidence, method: "jackknife-lists-bonferroni" };
  return [...measures, heldMeasure({ metric: name, value: gap.ratio, ...head, ...ratio }, p, 1)];
}

/** The mean divergence over lists, what chance alone would give, and the rest. */
function divergenceMeasures(
  summary: ListSummary,
  places: Places,
  shuffled: ShuffleResult | null,
  by: readonly string[],
  confidence: number,
): PartMeasure[] {
  const values = divergences(summary, places);
  const lists = values.length;
  if (lists === 0) return [{ metric: "ndkl", value: null, by: [...by], reason: "no row with a score" }];
  const total = values.reduce((sum, value) => sum + value, 0);
  const mean = total / lists;
  const error = lists < 2 ? Number.NaN : jackknifeError(values.map((value) => (total - value) / (lists - 1)));
  const half = lists < fewestLists ? Number.NaN : studentQuantile(0.5 + confidence / 2, lists - 1) * error;
  const interval = Number.isNaN(half)
    ? { reason: reasonOf(lists) }
    : {
        low: Math.max(0, mean - half),
        high: mean + half,
        confidence,
        method: "jackknife-lists; p of groups dealt anew",
      };
  const head = { by: [...by], n: lists };
  const tested = shuffled?.ndkl ? { p: shuffled.ndkl.p, hypothesis: "ndkl" } : {};
  const told: PartMeasure[] = [{ metric: "ndkl", value: mean, ...head, ...interval, ...tested }];
  if (shuffled?.ndkl) {
    told.push({
      metric: "ndkl-corrected",
      value: Math.max(0, mean - shuffled.ndkl.chance),
      ...head,
      method: "permutation-mean",
    });
  }
  return told;
}

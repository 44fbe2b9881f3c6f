import type { Measure } from "@assay/schema";
import type { AuditContext } from "../define.ts";
import { type Metric, metricNamed } from "../metrics/index.ts";
import { intervalMethods } from "../metrics/interval-methods.ts";
import { type Bounded, criticalValue, differenceInterval, type Interval, ratioInterval } from "../statistics/index.ts";
import { drawTable, type TableMetric, tableIntervals } from "./bootstrap-table.ts";
import { type Estimate, estimate } from "./estimate.ts";
import { confusionsOf, type Group } from "./groups.ts";
import type { GroupSettings } from "./settings.ts";

/** A metric of a group: what was estimated, and why it is not where it is not. */
export interface Held {
  readonly estimate: Estimate;
  readonly interval: Interval | null;
  readonly method: string | null;
  readonly reason?: string;
}

/** A metric that a group does not have, and why. */
export function unknownMetric(n: number, reason: string): Held {
  const nothing = Number.NaN;
  const interval = (): Interval => ({ low: nothing, high: nothing });
  const estimate: Estimate = { value: nothing, n, rarer: 0, share: null, table: null, se: nothing, interval };
  return { estimate, interval: null, method: null, reason };
}

/** A group with the estimates of every metric and their intervals. */
export interface Estimated {
  readonly group: Group;
  /** By the metric's name. */
  readonly of: ReadonlyMap<string, Held>;
}

/** What measures need to know of a metric, of the decision or of the score. */
export type Named = Pick<Metric, "name" | "undefinedReason">;

/** Where a group's replicates come from, and whether it has any. */
export interface GroupDraws {
  readonly stream: number;
  readonly bootstrap: boolean;
}

/** Every metric of a group, with its interval. */
export async function estimateGroup(
  group: Group,
  metrics: readonly Metric[],
  context: AuditContext<GroupSettings>,
  options: GroupDraws,
): Promise<Estimated> {
  return estimated(group, metrics, context, await replicatesOf(group, metrics, context, options));
}

/** The same of several groups, each with a stream of its own from `stream` on. */
export async function estimateGroups(
  groups: readonly Group[],
  metrics: readonly Metric[],
  context: AuditContext<GroupSettings>,
  { stream, bootstrap }: GroupDraws,
): Promise<Estimated[]> {
  const draw = (position: number): ReturnType<typeof replicatesOf> | null => {
    const group = groups[position];
    if (!group) return null;
    const drawing = replicatesOf(group, metrics, context, { stream: stream + position, bootstrap });
    // Awaited below, unless what comes before fails.
    drawing.catch(() => {});
    return drawing;
  };
  const all: Estimated[] = [];
  let drawing = draw(0);
  for (const [position, group] of groups.entries()) {
    const drawn = (await drawing) ?? [];
    context.signal.throwIfAborted();
    // The next group is drawn on other threads while this one's intervals are worked out.
    drawing = draw(position + 1);
    all.push(estimated(group, metrics, context, drawn));
  }
  return all;
}

interface NamedTable extends TableMetric {
  readonly name: string;
}

function tablesOf(metrics: readonly Metric[]): NamedTable[] {
  return metrics.flatMap(({ name, formula, shape }) =>
    shape.kind === "table" ? [{ name, formula, kernel: shape.kernel }] : [],
  );
}

/** Replicates of the metrics that are functions of the whole table; none where the group has none. */
async function replicatesOf(
  group: Group,
  metrics: readonly Metric[],
  context: AuditContext<GroupSettings>,
  { stream, bootstrap }: GroupDraws,
): Promise<readonly Float64Array[]> {
  const tables = tablesOf(metrics);
  const both = confusionsOf(group, "both");
  if (!bootstrap || tables.length === 0 || both.weights !== null) return [];
  const { device, input, plan } = context;
  return drawTable(tables, both.counts, { device, replicates: input.replicates, seed: plan.seed, stream });
}

function estimated(
  group: Group,
  metrics: readonly Metric[],
  { input }: AuditContext<GroupSettings>,
  drawn: readonly Float64Array[],
): Estimated {
  const { confidence } = input;
  const z = criticalValue(confidence);
  const of = new Map<string, Held>();
  const tables = tablesOf(metrics);
  const bootstrapped =
    drawn.length > 0 ? tableIntervals(tables, confusionsOf(group, "both").counts, drawn, confidence) : [];
  for (const metric of metrics) {
    const one = estimate(metric, confusionsOf(group, metric.needs));
    const methods = intervalMethods[metric.name];
    if (Number.isNaN(one.value) || metric.shape.kind === "count") {
      of.set(metric.name, { estimate: one, interval: null, method: null });
      continue;
    }
    const resampled = bootstrapped[tables.findIndex((table) => table.name === metric.name)] ?? null;
    if (resampled) of.set(metric.name, { estimate: one, interval: resampled, method: resampled.method });
    else {
      const method =
        metric.shape.kind === "table" ? "linearised" : ((group.weights ? methods?.weighted : methods?.value) ?? null);
      of.set(metric.name, { estimate: one, interval: one.interval(z), method });
    }
  }
  return { group, of };
}

/** The measures of a group, or of all rows where `columns` is empty. */
export function groupMeasures(
  estimated: Estimated,
  metrics: readonly Named[],
  columns: readonly string[],
  confidence: number,
  stratum?: Readonly<Record<string, string | null>>,
): Measure[] {
  return metrics.map((metric): Measure => {
    const place = {
      ...(columns.length > 0 ? { group: groupKey(columns, estimated.group.values) } : {}),
      ...(stratum ? { stratum } : {}),
    };
    const held = estimated.of.get(metric.name);
    if (!held || Number.isNaN(held.estimate.value)) {
      const reason = held?.reason ?? metric.undefinedReason;
      return { metric: metric.name, value: null, ...place, n: held?.estimate.n ?? 0, reason };
    }
    return {
      metric: metric.name,
      value: held.estimate.value,
      ...place,
      ...(held.interval ? { low: held.interval.low, high: held.interval.high, confidence } : {}),
      n: held.estimate.n,
      ...(held.method ? { method: held.method } : {}),
    };
  });
}

export function groupKey(
  columns: readonly string[],
  values: readonly (string | null)[],
): Record<string, string | null> {
  return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null]));
}

/** Below this many rows of the rarer outcome in either group an interval may miss its level. */
export const fewestRarer = 20;

/** Signed differences and ratios of each group to the reference group. */
export function referenceMeasures(
  groups: readonly Estimated[],
  metrics: readonly Named[],
  columns: readonly string[],
  reference: readonly string[],
  confidence: number,
): Measure[] {
  const z = criticalValue(confidence);
  const base = groups.find(({ group }) => group.values.every((value, index) => value === reference[index]));
  return groups
    .filter((one) => one !== base && one.group.known)
    .flatMap((one) =>
      metrics.flatMap((metric): Measure[] => {
        if (metric.name === "count") return [];
        const place = {
          group: groupKey(columns, one.group.values),
          reference: reference.join(" × "),
        };
        const a = one.of.get(metric.name);
        const b = base?.of.get(metric.name);
        const names = [`${metric.name}-difference-to-reference`, `${metric.name}-ratio-to-reference`] as const;
        const unknown =
          base === undefined
            ? "no row of the reference group"
            : !a?.interval
              ? (a?.reason ?? metric.undefinedReason)
              : !b?.interval
                ? `reference group: ${b?.reason ?? metric.undefinedReason}`
                : null;
        if (unknown !== null || !a?.interval || !b?.interval) {
          const reason = unknown ?? metric.undefinedReason;
          return names.map((name) => ({ metric: name, value: null, ...place, reason }));
        }
        // Not the bootstrap's: of tables the linearised interval covers the difference better (docs/methods/coverage.md).
        const left: Bounded = { value: a.estimate.value, ...a.estimate.interval(z) };
        const right: Bounded = { value: b.estimate.value, ...b.estimate.interval(z) };
        const few =
          Math.min(a.estimate.rarer, b.estimate.rarer) < fewestRarer
            ? { reason: `fewer than ${fewestRarer} rows of the rarer outcome in a group: the interval is approximate` }
            : {};
        const n = a.estimate.n;
        const methods = intervalMethods[metric.name];
        const difference: Measure = {
          metric: names[0],
          value: left.value - right.value,
          ...place,
          ...differenceInterval(left, right),
          confidence,
          n,
          method: methods?.difference ?? "mover-difference",
          ...few,
        };
        const ratio = ratioInterval(left, right);
        const ratioMeasure: Measure =
          left.value >= 0 && right.value > 0 && Number.isFinite(ratio.high)
            ? {
                metric: names[1],
                value: left.value / right.value,
                ...place,
                ...ratio,
                confidence,
                n,
                method: methods?.ratio ?? "mover-ratio",
                ...few,
              }
            : { metric: names[1], value: null, ...place, n, reason: "the reference group's value may be 0 or less" };
        return [difference, ratioMeasure];
      }),
    );
}

export function requiredMetric(name: string): Metric {
  const metric = metricNamed(name);
  if (!metric) throw new Error(`metrics: no ${name}`);
  return metric;
}

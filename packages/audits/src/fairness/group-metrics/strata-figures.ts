import type { FigureOf, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { lowered } from "../../groups/gap-finding.ts";
import { columnsText, figureId, groupText, plainText, type Reading, slugsOf } from "../../groups/reading.ts";
import { type Bounded, differenceInterval } from "../../statistics/index.ts";
import { percentText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";

/** A metric whose gaps are told within strata and pooled over them. */
export interface StratifiedMetric {
  readonly name: string;
  readonly label: LocalizedText;
  /** points: a share. number: in the metric's own unit. */
  readonly unit: "number" | "points";
  /** Of a metric of one class. */
  readonly class?: string;
}

/** A gap between two groups over all rows, within each stratum, and pooled over strata. */
export interface StrataGap {
  readonly metric: StratifiedMetric;
  readonly column: string;
  readonly value: string;
  readonly comparator: string;
  readonly aggregate: Bounded;
  readonly pooled: Bounded;
  readonly strata: readonly {
    readonly values: readonly (string | null)[];
    readonly gap: Bounded;
    readonly n: number;
  }[];
  /** Places of the measures it stands on. */
  readonly measures: readonly number[];
}

/** Every pooled difference of the metrics with what it is made of, read from the measures. */
export function strataGaps(reading: Reading, metrics: readonly StratifiedMetric[]): StrataGap[] {
  const pooledBy = new Map(metrics.map((metric) => [keyOf(`${metric.name}-difference-pooled`, metric.class), metric]));
  const byStratum = new Map<string, Measure[]>();
  for (const measure of reading.measures) {
    if (!measure.stratum || !measure.group || measure.value === null) continue;
    const key = JSON.stringify([measure.metric, measure.class ?? null, Object.keys(measure.group)]);
    byStratum.set(key, [...(byStratum.get(key) ?? []), measure]);
  }
  return reading.measures.flatMap((measure, place): StrataGap[] => {
    const about = pooledBy.get(keyOf(measure.metric, measure.class));
    if (!about || !measure.group || measure.reference === undefined) return [];
    const pooled = boundedOf(measure);
    const [column = "", value = ""] = Object.entries(measure.group)[0] ?? [];
    if (!pooled || value === null) return [];
    const key = { metric: about.name, ...(about.class === undefined ? {} : { class: about.class }) };
    const comparator = measure.reference;
    const places = [value, comparator].map((text) => reading.place({ ...key, group: { [column]: text } }));
    const [a, b] = places.map((one) => boundedOf(one === null ? undefined : reading.measures[one]));
    if (!a || !b) return [];
    const within = byStratum.get(JSON.stringify([about.name, about.class ?? null, [column]])) ?? [];
    const strata = within
      .filter((one) => one.group?.[column] === value)
      .flatMap((one) => {
        const other = within.find(
          (candidate) =>
            candidate.group?.[column] === comparator &&
            JSON.stringify(candidate.stratum) === JSON.stringify(one.stratum),
        );
        const left = boundedOf(one);
        const right = boundedOf(other);
        if (!left || !right) return [];
        const gap = { value: left.value - right.value, ...differenceInterval(left, right) };
        return [{ values: Object.values(one.stratum ?? {}), gap, n: (one.n ?? 0) + (other?.n ?? 0) }];
      });
    return [
      {
        metric: about,
        column,
        value,
        comparator,
        aggregate: { value: a.value - b.value, ...differenceInterval(a, b) },
        pooled,
        strata,
        measures: [...places.filter((one) => one !== null), place],
      },
    ];
  });
}

function keyOf(metric: string, of: string | undefined): string {
  return JSON.stringify([metric, of ?? null]);
}

function boundedOf(measure: Measure | undefined): Bounded | null {
  if (!measure || measure.value === null || measure.low === undefined || measure.high === undefined) return null;
  return { value: measure.value, low: measure.low, high: measure.high };
}

export function strataFigureId(gap: StrataGap, context: AuditContext<Input>, position: number): string {
  return `${figureId(gap.metric.name, [gap.column], slugsOf(context.roles))}-within-${position + 1}`;
}

/** Gaps drawn at most; each one is told in the measures. */
export const mostFigures = 12;
const mostStrata = 60;

export function strataFigures(
  reading: Reading,
  metrics: readonly StratifiedMetric[],
  context: AuditContext<Input>,
): FigureOf<"intervals">[] {
  const control = columnsText(context.roles.control.map((role) => role.name));
  return strataGaps(reading, metrics)
    .slice(0, mostFigures)
    .map((gap, position) => {
      const { label, unit } = gap.metric;
      const value = plainText(gap.value);
      const comparator = plainText(gap.comparator);
      const level = percentText(context.input.confidence, 0);
      const row = (en: string, zh: string, bounded: Bounded, n: number | null) => ({
        label: { en, "zh-CN": zh },
        value: bounded.value,
        low: bounded.low,
        high: bounded.high,
        n,
        few: false,
      });
      return {
        kind: "intervals",
        id: strataFigureId(gap, context, position),
        title: {
          en: `${label.en} of ${value} less that of ${comparator}, within ${control}`,
          "zh-CN": `各 ${control} 之内，${value} 与 ${comparator} 的${label["zh-CN"]}之差`,
        },
        caption: {
          en: `Right of zero, ${value} has the higher ${lowered(label.en)}. “All rows” ignores ${control}; “pooled” compares like with like. Lines are ${level} intervals.`,
          "zh-CN": `零点右侧表示 ${value} 的${label["zh-CN"]}更高。“全部行”不区分 ${control}；“分层合并”只在同层之内比较。线段为 ${level} 区间。`,
        },
        unit,
        xTitle: { en: `Difference in ${lowered(label.en)}`, "zh-CN": `${label["zh-CN"]}之差` },
        rows: [
          row("All rows", "全部行", gap.aggregate, null),
          row("Pooled over strata", "分层合并", gap.pooled, null),
          ...gap.strata.slice(0, mostStrata).map(({ values, gap: within, n }) => {
            const text = groupText(values);
            return { ...row(text.en, text["zh-CN"], within, n), few: n < context.input.min_count };
          }),
        ],
        reference: { value: 0, label: { en: "no difference", "zh-CN": "没有差异" } },
      };
    });
}

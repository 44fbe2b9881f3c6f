import type { Figure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { groupText, plainText, slugsOf } from "../../groups/reading.ts";
import type { Metric } from "../../metrics/metric.ts";
import { wilson } from "../../statistics/index.ts";
import { shareText } from "../../wording/index.ts";
import { meanInterval } from "./score-measures.ts";
import type { Input } from "./settings.ts";
import { type Watch, type Watched, watchedMetrics } from "./watched.ts";

/** Groups drawn at most: those with the most rows in the baseline. */
const mostDrawn = 7;
/** Periods drawn at most: the newest. */
const mostShown = 512;

export function driftFigureId(metric: string, by: string, roles: AuditContext<Input>["roles"]): string {
  return `${metric}-over-time-by-${slugsOf(roles).get(JSON.stringify([by])) ?? "group"}`;
}

export function figuresOf(told: Watch, context: AuditContext<Input>): Figure[] {
  if (told.periods.length < 2) return [];
  return context.roles.protected.flatMap(({ name }): Figure[] => [
    ...watchedMetrics(context.roles).flatMap((metric): Figure[] => {
      const own = told.watched.filter((one) => one.by === name && one.metric === metric);
      return own.length === 0 ? [] : [rateFigure(name, metric, own, told, context)];
    }),
    ...scoreFigure(name, told, context),
  ]);
}

function rateFigure(
  name: string,
  metric: Metric,
  own: readonly Watched[],
  told: Watch,
  context: AuditContext<Input>,
): Figure {
  const { confidence } = context.input;
  const drawn = own.map(({ value, before, counts }) => ({
    value,
    rows: before.n,
    periods: counts.map(({ k, n }) => (n === 0 ? null : { value: k / n, ...wilson(k, n, confidence) })),
  }));
  return overTime(name, metric, drawn, told, context);
}

const meanScore = {
  name: "mean-score",
  label: { en: "Mean score", "zh-CN": "平均分数" },
  meaning: { en: "mean score", "zh-CN": "平均分数" },
};

function scoreFigure(name: string, told: Watch, context: AuditContext<Input>): Figure[] {
  const drawn = (told.scores?.watched ?? [])
    .filter(({ by }) => by === name)
    .map(({ value, before, numbers }) => ({
      value,
      rows: before.n,
      periods: numbers.map((one) =>
        one.n === 0
          ? null
          : { low: one.mean, high: one.mean, ...meanInterval(one, context.input.confidence), value: one.mean },
      ),
    }));
  return drawn.length === 0 ? [] : [overTime(name, meanScore, drawn, told, context)];
}

interface Drawn {
  readonly value: string | null;
  readonly rows: number;
  readonly periods: readonly ({ readonly value: number; readonly low: number; readonly high: number } | null)[];
}

/** One line for each group. */
function overTime(
  name: string,
  { name: metric, label, meaning }: Pick<Metric, "label" | "meaning" | "name">,
  own: readonly Drawn[],
  told: Watch,
  { input, roles }: AuditContext<Input>,
): Figure {
  const drawn = [...own].sort((a, b) => b.rows - a.rows).slice(0, mostDrawn);
  const start = Math.max(0, told.periods.length - mostShown);
  const [first = "", last = ""] = [told.periods[start], told.periods.at(-1)];
  const column = plainText(name);
  const level = shareText(input.confidence);
  const cut = drawn.length < own.length;
  const end = told.periods[told.baseline - 1] ?? "";
  return {
    kind: "curves",
    id: driftFigureId(metric, name, roles),
    title: {
      en: `${label.en} over time, by ${column}`,
      "zh-CN": `${label["zh-CN"]}随时间的变化（按 ${column}）`,
    },
    caption: {
      en: `${sentence(meaning.en)}, period by period from ${first} (${start + 1}) to ${last} (${told.periods.length}), with ${level} intervals of each period alone. The baseline ends with ${end} (${told.baseline}).${cut ? ` The ${mostDrawn} largest groups are drawn.` : ""}`,
      "zh-CN": `${meaning["zh-CN"]}，自 ${first}（${start + 1}）至 ${last}（${told.periods.length}）逐期列出，附各期单独的 ${level} 区间。基线止于 ${end}（${told.baseline}）。${cut ? `图中为最大的 ${mostDrawn} 个组。` : ""}`,
    },
    xTitle: { en: "Period, counted from the first", "zh-CN": "期数（自首期起）" },
    yTitle: { en: label.en, "zh-CN": label["zh-CN"] },
    diagonal: false,
    series: drawn.map(({ value, periods }) => ({
      label: groupText([value]),
      mark: "line" as const,
      points: periods
        .slice(start)
        .flatMap((one, index): [number, number, number, number][] =>
          one === null ? [] : [[start + index + 1, one.value, one.low, one.high]],
        ),
    })),
  };
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;
}

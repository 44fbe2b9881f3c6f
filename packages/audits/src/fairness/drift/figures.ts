import type { Figure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { groupText, plainText, slugsOf } from "../../groups/reading.ts";
import { wilson } from "../../statistics/index.ts";
import { shareText } from "../../wording/index.ts";
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
  return context.roles.protected.flatMap(({ name }) =>
    watchedMetrics(context.roles).flatMap((metric): Figure[] => {
      const own = told.watched.filter((one) => one.by === name && one.metric === metric);
      return own.length === 0 ? [] : [rateFigure(name, own, told, context)];
    }),
  );
}

function rateFigure(name: string, own: readonly Watched[], told: Watch, { input, roles }: AuditContext<Input>): Figure {
  const metric = own[0]?.metric;
  const label = metric?.label ?? { en: "", "zh-CN": "" };
  const meaning = metric?.meaning ?? { en: "", "zh-CN": "" };
  const drawn = [...own].sort((a, b) => b.before.n - a.before.n).slice(0, mostDrawn);
  const start = Math.max(0, told.periods.length - mostShown);
  const [first = "", last = ""] = [told.periods[start], told.periods.at(-1)];
  const column = plainText(name);
  const level = shareText(input.confidence);
  const cut = drawn.length < own.length;
  const end = told.periods[told.baseline - 1] ?? "";
  return {
    kind: "curves",
    id: driftFigureId(metric?.name ?? "", name, roles),
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
    series: drawn.map(({ value, counts }) => ({
      label: groupText([value]),
      mark: "line" as const,
      points: counts.slice(start).flatMap(({ k, n }, index): [number, number, number, number][] => {
        if (n === 0) return [];
        const { low, high } = wilson(k, n, input.confidence);
        return [[start + index + 1, k / n, low, high]];
      }),
    })),
  };
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;
}

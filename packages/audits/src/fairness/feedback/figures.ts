import type { Figure, Measure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { groupText, plainText, slugsOf } from "../../groups/reading.ts";
import { shareText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";

/** Groups drawn at most: those with the most decisions. */
const mostShown = 20;
/** Months drawn at most: the newest. */
const mostMonthsShown = 60;

export function figuresOf(measures: readonly Measure[], context: AuditContext<Input>): Figure[] {
  return [
    ...monthFigure(measures),
    ...context.roles.protected.flatMap(({ name }) => rateFigure(name, measures, context)),
  ];
}

function monthFigure(measures: readonly Measure[]): Figure[] {
  const all = measures.filter((one) => one.metric === "feedback-count" && one.split !== undefined);
  if (all.length === 0) return [];
  const months = all.slice(-mostMonthsShown);
  const cut = all.length > months.length;
  return [
    {
      kind: "intervals",
      id: "feedback-by-month",
      title: { en: "Reports by month", "zh-CN": "各月反馈数" },
      caption: {
        en: `How many reports of people affected came in each month (UTC), without those withdrawn and spam.${cut ? ` The ${mostMonthsShown} newest months are drawn.` : ""}`,
        "zh-CN": `每月收到的受影响者反馈数（UTC），不含已撤回和垃圾内容。${cut ? `图中为最近 ${mostMonthsShown} 个月。` : ""}`,
      },
      unit: "count",
      xTitle: { en: "Reports", "zh-CN": "反馈数" },
      rows: months.map(({ split = "", value }) => ({
        label: { en: split, "zh-CN": split },
        value,
        low: null,
        high: null,
        n: null,
        few: false,
      })),
      reference: null,
    },
  ];
}

function rateFigure(name: string, measures: readonly Measure[], { input, roles }: AuditContext<Input>): Figure[] {
  const rates = measures.flatMap((measure) => {
    const group = measure.group?.[name];
    return measure.metric === "feedback-rate" && group != null && measure.value !== null
      ? [{ group, measure, value: measure.value }]
      : [];
  });
  if (rates.length === 0) return [];
  const shown = [...rates].sort((a, b) => (b.measure.n ?? 0) - (a.measure.n ?? 0)).slice(0, mostShown);
  shown.sort((a, b) => b.value - a.value);
  const whole = measures.find((one) => one.metric === "feedback-rate" && one.group === undefined)?.value ?? null;
  const column = plainText(name);
  return [
    {
      kind: "intervals",
      id: `feedback-rate-by-${slugsOf(roles).get(JSON.stringify([name])) ?? "group"}`,
      title: { en: `Reports per 1,000 decisions, by ${column}`, "zh-CN": `每 1,000 项决定的反馈数（按 ${column}）` },
      caption: {
        en: `Of each group's decisions in the data, how many reports name that group, per 1,000, with its exact ${shareText(input.confidence)} interval. n counts decisions. The line is the rate of all reports, those that tell no group too.${rates.length > shown.length ? ` The ${mostShown} largest groups are drawn.` : ""}`,
        "zh-CN": `以数据中各组的决定数为基数，每 1,000 项决定中注明该组的反馈数，及其精确的 ${shareText(input.confidence)} 区间。n 为决定数。线为全部反馈（含未说明所属组者）的比率。${rates.length > shown.length ? `图中为最大的 ${mostShown} 个组。` : ""}`,
      },
      unit: "number",
      xTitle: { en: "Reports per 1,000 decisions", "zh-CN": "每 1,000 项决定的反馈数" },
      rows: shown.map(({ group, measure, value }) => ({
        label: groupText([group]),
        value,
        low: measure.low ?? null,
        high: measure.high ?? null,
        n: measure.n ?? null,
        few: (measure.n ?? 0) < input.min_count,
      })),
      reference: whole === null ? null : { value: whole, label: { en: "all reports", "zh-CN": "全部反馈" } },
    },
  ];
}

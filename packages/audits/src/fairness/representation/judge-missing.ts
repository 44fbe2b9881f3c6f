import type { Finding, Measure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { plainText, slugsOf } from "../../groups/reading.ts";
import { countText, decimalText, listText, percentText, pText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";

/** Columns told one by one for each protected column, the largest differences first. */
const mostTold = 3;
/** A difference of this size is the one that is called large. */
const telling = 0.1;

interface Gap {
  readonly at: number;
  readonly measure: Measure;
  readonly value: number;
}

/** Whether values are missing more often for some groups. */
export function judgeMissing(measures: readonly Measure[], context: AuditContext<Input>): Finding[] {
  return context.roles.protected.flatMap(({ name }) => {
    const gaps = measures
      .flatMap((measure, at): Gap[] =>
        measure.metric === "missing-share-difference" &&
        measure.by?.[0] === name &&
        measure.column !== undefined &&
        measure.value !== null
          ? [{ at, measure, value: measure.value }]
          : [],
      )
      .sort((a, b) => b.value - a.value);
    const alpha = Number((1 - context.input.confidence).toPrecision(12));
    const sure = gaps.filter(({ measure }) => (measure.p_adjusted ?? 1) < alpha);
    if (sure.length > 0) {
      return sure.slice(0, mostTold).map((gap, rank) => different(gap, rank, sure.length, name, measures, context));
    }
    return gaps.length > 0 ? [alike(gaps, name, context)] : [];
  });
}

function different(
  { at, measure, value }: Gap,
  rank: number,
  many: number,
  name: string,
  measures: readonly Measure[],
  { input, roles }: AuditContext<Input>,
): Finding {
  const column = plainText(measure.column ?? "");
  const by = plainText(name);
  const level = percentText(input.confidence, 0);
  const [most, least] = extremes(measures, name, measure.column ?? "", input);
  const [low, high, size] = [measure.low ?? 0, measure.high ?? 1, value].map((share) => decimalText(share * 100, 1));
  const groupName = (one: Gap): string => plainText(one.measure.group?.[name] ?? "");
  const n = (one: Gap): string => countText(one.measure.n ?? 0);
  const p = pText(measure.p_adjusted ?? 1);
  // Where groups are too many to be printed, the difference stands alone.
  const named = most !== undefined && least !== undefined;
  const rest = rank + 1 === mostTold && many > mostTold ? many - mostTold : 0;
  const label = measure.column === roles.labelText?.column;
  return {
    id: `missing-by-${slugsOf(roles).get(JSON.stringify([name])) ?? "group"}-${rank + 1}`,
    verdict: "info",
    severity: (measure.low ?? 0) >= telling ? "high" : value >= telling / 2 ? "medium" : "low",
    text: {
      en: `**${label ? `The label ${column}` : column} is missing more often for some groups by ${by}.** ${named ? `It is missing for ${percentText(most.value)} of ${groupName(most)} and ${percentText(least.value)} of ${groupName(least)}: a difference` : "The share without it differs by a spread"} of ${size} points (${level} simultaneous interval ${low} to ${high}; adjusted ${p}${named ? `; n = ${n(most)} and ${n(least)}` : ""}). Dropping or filling such rows changes groups unequally; mend the collection first.${rest > 0 ? ` ${countText(rest)} more columns differ; see the table.` : ""}`,
      "zh-CN": `**按 ${by}，${label ? "标签 " : ""}${column} 在某些组更常缺失。** ${named ? `${groupName(most)} 缺失 ${percentText(most.value)}，${groupName(least)} 缺失 ${percentText(least.value)}，` : "缺失比例"}相差 ${size} 个百分点（${level} 同时区间 ${low} 至 ${high}；校正后 ${p}${named ? `；n = ${n(most)} 与 ${n(least)}` : ""}）。删除或填补这些行对各组的影响并不均等；应先改进采集。${rest > 0 ? `另有 ${countText(rest)} 列存在差异，见表。` : ""}`,
    },
    measures: [at, ...(named ? [most.at, least.at] : [])],
    table: "missing",
  };
}

function alike(gaps: readonly Gap[], name: string, { input, roles }: AuditContext<Input>): Finding {
  const first = gaps[0];
  const widest = Math.max(...gaps.map(({ measure }) => measure.high ?? 1));
  const names = listText(gaps.slice(0, 5).map(({ measure }) => plainText(measure.column ?? "")));
  const rest = gaps.length - 5;
  const level = percentText(input.confidence, 0);
  const small = widest <= telling;
  const by = plainText(name);
  const size = decimalText((first?.value ?? 0) * 100, 1);
  const bound = decimalText(widest * 100, 1);
  const n = countText(first?.measure.n ?? 0);
  const p = pText(Math.min(1, ...gaps.map(({ measure }) => measure.p_adjusted ?? 1)));
  return {
    id: `missing-by-${slugsOf(roles).get(JSON.stringify([name])) ?? "group"}`,
    verdict: small ? "info" : "indeterminate",
    severity: "low",
    text: small
      ? {
          en: `**Values are missing about as often in every group by ${by}.** Of ${names.en}${rest > 0 ? ` and ${rest} more` : ""}, the largest difference is ${size} points (least adjusted ${p}; n = ${n}); ${level} simultaneous intervals rule out more than ${bound}.`,
          "zh-CN": `**按 ${by}，各组缺失值的比例大致相同。** 就 ${names["zh-CN"]}${rest > 0 ? ` 等 ${gaps.length} 列` : ""} 而言，最大差异为 ${size} 个百分点（最小校正 ${p}；n = ${n}）；${level} 同时区间排除了超过 ${bound} 个百分点的差异。`,
        }
      : {
          en: `**Cannot tell yet whether values are missing more often for some groups by ${by}.** Of ${names.en}${rest > 0 ? ` and ${rest} more` : ""}, the largest difference is ${size} points (least adjusted ${p}; n = ${n}), which chance may do; up to ${bound} points are not ruled out.`,
          "zh-CN": `**尚不能判断按 ${by} 某些组是否更常缺失。** 就 ${names["zh-CN"]}${rest > 0 ? ` 等 ${gaps.length} 列` : ""} 而言，最大差异为 ${size} 个百分点（最小校正 ${p}；n = ${n}），可能出于偶然；尚不能排除高达 ${bound} 个百分点的差异。`,
        },
    measures: gaps.map(({ at }) => at),
    table: "missing",
  };
}

/** The groups with the greatest and the least share missing, among those that are compared. */
function extremes(
  measures: readonly Measure[],
  name: string,
  column: string,
  input: Input,
): readonly [Gap | undefined, Gap | undefined] {
  const groups = measures
    .flatMap((measure, at): Gap[] =>
      measure.metric === "missing-share" &&
      measure.column === column &&
      measure.group !== undefined &&
      Object.hasOwn(measure.group, name) &&
      (measure.n ?? 0) >= input.min_count &&
      measure.value !== null
        ? [{ at, measure, value: measure.value }]
        : [],
    )
    .sort((a, b) => b.value - a.value);
  return [groups[0], groups.at(-1)];
}

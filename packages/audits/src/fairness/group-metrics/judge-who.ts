import type { Finding, LocalizedText } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { mostPrinted } from "../../groups/limits.ts";
import { columnsText, groupOf, groupText, type Reading, ratesOf, slugsOf } from "../../groups/reading.ts";
import { countText, listText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";

/** Groups named in a sentence at most. */
const mostNamed = 8;

const columnNames = {
  decision: { en: "decision", "zh-CN": "决定" },
  label: { en: "label", "zh-CN": "标签" },
  prediction: { en: "prediction", "zh-CN": "预测" },
  query: { en: "list", "zh-CN": "所属列表" },
  score: { en: "score", "zh-CN": "分数" },
  weight: { en: "weight", "zh-CN": "权重" },
} as const satisfies Record<string, LocalizedText>;

/** Rows that lack a column, by the measures `rows-without-…`. */
export function leftOutRows(reading: Reading, columns: readonly (keyof typeof columnNames)[]): Finding[] {
  return columns.flatMap((column): Finding[] => {
    const metric = `rows-without-${column}`;
    const place = reading.place({ metric });
    const rows = place === null ? 0 : (reading.measures[place]?.value ?? 0);
    if (place === null || rows === 0) return [];
    const one = rows === 1;
    const name = columnNames[column];
    return [
      {
        id: metric,
        verdict: "info",
        severity: "low",
        text: {
          en: `**${countText(rows)} ${one ? "row has" : "rows have"} no ${name.en}.** ${one ? "It is" : "They are"} left out of every number that needs one.`,
          "zh-CN": `**有 ${countText(rows)} 行缺少${name["zh-CN"]}。** 凡需要${name["zh-CN"]}的数值都未计入这些行。`,
        },
        measures: [place],
      },
    ];
  });
}

/** Rows whose value of a protected column is not known. */
export function unknownGroups(reading: Reading, { roles }: AuditContext<Input>): Finding[] {
  return roles.groupings.flatMap((by, index): Finding[] => {
    if (by.length !== 1) return [];
    const places = reading
      .groups(by)
      .filter((values) => values.includes(null))
      .map((values) => reading.place({ metric: "count", group: groupOf(by, values) }))
      .filter((place) => place !== null);
    const rows = places.reduce((sum, place) => sum + (reading.measures[place]?.value ?? 0), 0);
    if (rows === 0) return [];
    const columns = columnsText(by);
    return [
      {
        id: `unknown-group-${index + 1}`,
        verdict: "info",
        severity: "low",
        text: {
          en: `**${columns} is unknown for ${countText(rows)} rows.** They are printed as a group of their own and stand outside the comparison.`,
          "zh-CN": `**有 ${countText(rows)} 行的 ${columns} 未知。** 它们单独列为一组，不纳入比较。`,
        },
        measures: places,
      },
    ];
  });
}

/** More groups than are printed one by one. */
export function manyGroups(reading: Reading, { roles }: AuditContext<Input>): Finding[] {
  return roles.groupings.flatMap((by, index): Finding[] => {
    if (reading.groups(by).length < mostPrinted) return [];
    const columns = columnsText(by);
    return [
      {
        id: `many-groups-${index + 1}`,
        verdict: "info",
        severity: "low",
        text: {
          en: `**Very many groups by ${columns}.** At most the ${countText(mostPrinted)} largest are printed one by one, though all of them enter the comparison.`,
          "zh-CN": `**按 ${columns} 的组非常多。** 逐一列出的最多为人数最多的 ${countText(mostPrinted)} 组，但全部组都参与比较。`,
        },
        measures: [],
      },
    ];
  });
}

/** Groups outside a comparison: too small, or without a value of a metric. */
export function leftOutGroups(
  by: readonly string[],
  reading: Reading,
  context: AuditContext<Input>,
  metrics: readonly { readonly name: string; readonly label: LocalizedText; readonly class?: string }[],
): Finding[] {
  const { min_count: minCount } = context.input;
  const slug = slugsOf(context.roles).get(JSON.stringify(by)) ?? "group";
  const table = `groups-by-${slug}`;
  const columns = columnsText(by);
  const findings: Finding[] = [];
  const counts = ratesOf("count", by, reading);
  const small = counts.filter(({ people }) => people < minCount);
  if (small.length > 0) {
    const rest = small.length - Math.min(small.length, mostNamed);
    // Groups are counted from those that are printed: the largest.
    const most = counts.length >= mostPrinted;
    const named = small.slice(0, mostNamed);
    const list = {
      en: listText([
        ...named.map(({ values, people }) => `${groupText(values).en} (n = ${countText(people)})`),
        ...(rest > 0 ? [`${most ? "at least " : ""}${countText(rest)} more`] : []),
      ]).en,
      zh: listText([
        ...named.map(({ values, people }) => `${groupText(values)["zh-CN"]}（n = ${countText(people)}）`),
        ...(rest > 0 ? [`另外${most ? "至少" : ""} ${countText(rest)} 组`] : []),
      ])["zh-CN"],
    };
    findings.push({
      id: `small-groups-by-${slug}`,
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**Cannot tell yet for ${small.length === 1 ? "one group" : `${most ? "at least " : ""}${countText(small.length)} groups`} by ${columns}.** ${list.en}: fewer than ${countText(minCount)} people${small.length > 1 ? " each, so they stand" : ", so it stands"} outside the comparison.`,
        "zh-CN": `**按 ${columns}，有${most ? "至少" : ""} ${countText(small.length)} 个组尚不能判断。** ${list.zh}：${small.length > 1 ? "每组" : ""}不足 ${countText(minCount)} 人，因此未纳入比较。`,
      },
      measures: small.map(({ place }) => place),
      table,
    });
  }
  const places: number[] = [];
  const parts: LocalizedText[] = [];
  for (const { name, label, class: of } of metrics) {
    const key = of === undefined ? {} : { class: of };
    const gap = reading.place({ metric: `${name}-difference`, by: [...by], ...key });
    const isGapNull = gap !== null && reading.measures[gap]?.value === null;
    const without = reading.groups(by).flatMap((values) => {
      const group = groupOf(by, values);
      const place = reading.place({ metric: name, group, ...key });
      const people = reading.find({ metric: "count", group })?.value ?? 0;
      const isNull = place !== null && reading.measures[place]?.value === null;
      return isNull && !values.includes(null) && people >= minCount ? [{ values, place }] : [];
    });
    if (!isGapNull && without.length === 0) continue;
    if (isGapNull && gap !== null) places.push(gap);
    for (const { place } of without) if (place !== null) places.push(place);
    const few = without.slice(0, 5);
    const rest = without.length - few.length;
    const who = {
      en:
        few.length === 0
          ? ""
          : ` is not defined for ${listText([...few.map(({ values }) => groupText(values).en), ...(rest > 0 ? [`${countText(rest)} more`] : [])]).en}`,
      "zh-CN":
        few.length === 0
          ? ""
          : `在 ${listText(few.map(({ values }) => groupText(values)["zh-CN"]))["zh-CN"]}${rest > 0 ? ` 等 ${countText(without.length)} 组` : ""} 中没有定义`,
    };
    const compared = isGapNull
      ? {
          en: `${who.en === "" ? "" : " and"} cannot be compared, since fewer than two groups have it`,
          "zh-CN": `${who["zh-CN"] === "" ? "" : "，"}不足两个组有此数值，无法比较`,
        }
      : { en: "", "zh-CN": "" };
    parts.push({
      en: `${label.en}${who.en}${compared.en}.`,
      "zh-CN": `${label["zh-CN"]}${who["zh-CN"]}${compared["zh-CN"]}。`,
    });
  }
  if (parts.length === 0) return findings;
  const kept = parts.slice(0, mostNamed);
  const more = parts.length - kept.length;
  findings.push({
    id: `undefined-rates-by-${slug}`,
    verdict: "indeterminate",
    severity: "low",
    text: {
      en: `**Not everything can be compared by ${columns}.** ${kept.map(({ en }) => en).join(" ")}${more > 0 ? ` And ${countText(more)} more.` : ""}`,
      "zh-CN": `**按 ${columns}，有些指标无法比较。** ${kept.map((part) => part["zh-CN"]).join("")}${more > 0 ? `另有 ${countText(more)} 项。` : ""}`,
    },
    measures: [...new Set(places)].slice(0, 200),
    table,
  });
  return findings;
}

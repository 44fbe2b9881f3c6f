import type { LocalizedText, Table } from "@assay/schema";
import type { Diversity } from "./diversity.ts";
import type { Risk } from "./risk.ts";
import type { Input } from "./settings.ts";
import type { Singling } from "./singling.ts";

/** Tables of sizes and numbers only: no value of a quasi-identifier stands in any of them. */
export function tablesOf(
  risk: Risk,
  singling: readonly Singling[],
  diversities: readonly Diversity[],
  input: Input,
): readonly Table[] {
  return [
    sizesTable(risk, input),
    ...(singling.length > 0 && risk.people > 0 ? [columnsTable(risk, singling)] : []),
    ...(diversities.length > 0 ? [sensitiveTable(risk, diversities, input)] : []),
  ];
}

function sizesTable(risk: Risk, input: Input): Table {
  const starts = [...new Set([1, 2, 3, input.k, 10, 20, 50, 100, 1000])].sort((a, b) => a - b);
  const bands = starts.map((from, index) => {
    const next = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    const inside = risk.sizes.filter(([size]) => size >= from && size < next);
    return {
      label: next === Number.POSITIVE_INFINITY ? `≥ ${from}` : next - from === 1 ? `${from}` : `${from}–${next - 1}`,
      people: inside.reduce((sum, [, people]) => sum + people, 0),
      classes: inside.reduce((sum, [size, people]) => sum + people / size, 0),
    };
  });
  return {
    id: "class-sizes",
    title: { en: "Groups of people who look alike", "zh-CN": "取值相同的人群规模" },
    caption: {
      en: `Groups of equal quasi-identifier values, by size. Sizes under ${input.k} are under the k asked for.`,
      "zh-CN": `准标识符取值相同的组，按规模统计。小于 ${input.k} 的规模未达到所要求的 k。`,
    },
    columns: [
      { title: { en: "People in the group", "zh-CN": "组内人数" }, format: "text" },
      { title: { en: "Groups", "zh-CN": "组数" }, format: "count" },
      { title: { en: "People", "zh-CN": "人数" }, format: "count" },
      { title: { en: "Share of people", "zh-CN": "人数占比" }, format: "percent" },
    ],
    rows: bands
      .filter((band) => band.people > 0)
      .map(({ label, classes, people }) => ({ few: false, cells: [label, classes, people, people / risk.people] })),
  };
}

function columnsTable(risk: Risk, singling: readonly Singling[]): Table {
  const rows = [...singling].sort((a, b) => a.uniqueWithout - b.uniqueWithout || (a.column < b.column ? -1 : 1));
  return {
    id: "columns",
    title: { en: "What each column does", "zh-CN": "各列的作用" },
    caption: {
      en: "Unique people with one column alone, and with that column left out. The difference is how many people only this column singles out.",
      "zh-CN": "仅凭一列时独一无二的人数，以及去掉该列后仍独一无二的人数；差值即仅因该列而可被单独识别的人数。",
    },
    columns: [
      { title: { en: "Column", "zh-CN": "列" }, format: "text" },
      { title: { en: "Different values", "zh-CN": "不同取值" }, format: "count" },
      { title: { en: "Unique by it alone", "zh-CN": "仅凭该列独一无二" }, format: "count" },
      { title: { en: "Unique without it", "zh-CN": "去掉该列仍独一无二" }, format: "count" },
      { title: { en: "Only it singles out", "zh-CN": "仅因该列可识别" }, format: "count" },
      { title: { en: "Smallest group without it", "zh-CN": "去掉该列后的最小组" }, format: "count" },
    ],
    rows: rows.map(({ column, values, uniqueAlone, uniqueWithout, kWithout }) => ({
      few: false,
      cells: [column, values, uniqueAlone, uniqueWithout, risk.unique - uniqueWithout, kWithout],
    })),
  };
}

function sensitiveTable(risk: Risk, diversities: readonly Diversity[], input: Input): Table {
  const isOrdered = diversities.some((one) => one.tOrdered !== null);
  const number = (title: LocalizedText): Table["columns"][number] => ({ title, format: "number" });
  return {
    id: "sensitive",
    title: { en: "What groups give away", "zh-CN": "组会泄露什么" },
    caption: {
      en: `The worst group of each sensitive column. Missing values are left out. c is the bound above which recursive (c, ${input.l})-diversity holds; empty where a group has fewer than ${input.l} values.`,
      "zh-CN": `每个敏感列中最差的组。缺失值不计入。c 为递归 (c, ${input.l})-多样性成立的下界；若某组不同取值少于 ${input.l} 个则为空。`,
    },
    columns: [
      { title: { en: "Column", "zh-CN": "列" }, format: "text" },
      { title: { en: "Known", "zh-CN": "已知人数" }, format: "count" },
      { title: { en: "Missing", "zh-CN": "缺失人数" }, format: "count" },
      { title: { en: "Different values", "zh-CN": "不同取值" }, format: "count" },
      { title: { en: "l-diversity", "zh-CN": "l-多样性" }, format: "count" },
      number({ en: "Entropy l-diversity", "zh-CN": "熵 l-多样性" }),
      number({ en: "Recursive c", "zh-CN": "递归多样性 c" }),
      number({ en: "t-closeness", "zh-CN": "t-接近性" }),
      ...(isOrdered ? [number({ en: "t-closeness, ordered", "zh-CN": "t-接近性（有序）" })] : []),
      number({ en: "β-likeness", "zh-CN": "β-相似性" }),
      {
        title: { en: `In groups with under ${input.l} values`, "zh-CN": `所在组取值少于 ${input.l} 个` },
        format: "percent",
      },
    ],
    rows: diversities.map((one) => ({
      few: false,
      cells: [
        one.column,
        one.known,
        one.missing,
        one.values,
        one.distinct,
        one.entropy,
        one.recursive,
        one.t,
        ...(isOrdered ? [one.tOrdered] : []),
        one.beta,
        one.belowL / risk.people,
      ],
    })),
  };
}

import type { Figure, LocalizedText } from "@assay/schema";
import type { RateTable } from "./categories.ts";
import { groupLabel, type RateKind } from "./kinds.ts";

/** The line of 29 CFR 1607.4(D). Local Law 144 draws none. */
export const fourFifths = 0.8;

/** Ratios of one column, or of more than two, as dots; of two crossed columns as a heat map. */
export function ratioFigure(table: RateTable, kind: RateKind): Figure | null {
  const known = table.categories.filter((category) => category.isKnown);
  if (known.length < 2) return null;
  return table.by.length === 2 ? heatmap(table, kind) : dots(table, kind);
}

function head(table: RateTable, kind: RateKind): { id: string; title: LocalizedText; caption: LocalizedText } {
  const by = table.by.join(" × ");
  const of = kind.id === "selection" ? { en: "Selection", "zh-CN": "选择" } : { en: "Scoring", "zh-CN": "得分" };
  const highest = table.highest ? groupLabel(table.highest.group) : { en: "none", "zh-CN": "无" };
  return {
    id: `${kind.id}.${table.by.join("+")}`,
    title: { en: `${of.en}: impact ratio by ${by}`, "zh-CN": `${of["zh-CN"]}：按 ${by} 的影响比` },
    caption: {
      en: `The share of people of each category who ${kind.verb.en}, over the highest such share (${highest.en}). 1 is parity.${kind.wanted ? " Four fifths is the rule of thumb of the EEOC's guidance; Local Law 144 sets no line." : " A high score is not wanted here: the highest rate belongs to the category worst off."}`,
      "zh-CN": `各类别中${kind.verb["zh-CN"]}者的比例，与其中最高比例（${highest["zh-CN"]}）之比；1 表示持平。${kind.wanted ? "五分之四是 EEOC 指南的经验法则，第 144 号地方法并未设定界线。" : "高分在这里并非好事：比例最高的类别处境最差。"}`,
    },
  };
}

function dots(table: RateTable, kind: RateKind): Figure {
  const rows = table.categories
    .filter((category) => category.isKnown)
    .map((category) => {
      const { ratio } = category;
      const compared = ratio.kind === "compared" ? ratio : null;
      return {
        label: groupLabel(category.group),
        value: ratio.kind === "highest" ? 1 : (compared?.value ?? null),
        low: compared?.low ?? null,
        high: compared && Number.isFinite(compared.high) ? compared.high : null,
        n: category.n,
        few: ratio.kind === "none",
      };
    })
    .sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
  return {
    kind: "intervals",
    ...head(table, kind),
    unit: "ratio",
    xTitle: { en: "Impact ratio", "zh-CN": "影响比" },
    rows,
    reference: kind.wanted
      ? { value: fourFifths, label: { en: "four fifths (EEOC guidance)", "zh-CN": "五分之四（EEOC 指南）" } }
      : null,
  };
}

function heatmap(table: RateTable, kind: RateKind): Figure {
  const known = table.categories.filter((category) => category.isKnown);
  const [first = "", second = ""] = table.by;
  const valuesOf = (name: string): string[] => [...new Set(known.map((category) => category.group[name] ?? ""))];
  const [rows, columns] = [valuesOf(first), valuesOf(second)];
  return {
    kind: "heatmap",
    ...head(table, kind),
    unit: "ratio",
    rowTitle: { en: first, "zh-CN": first },
    columnTitle: { en: second, "zh-CN": second },
    rows: rows.map((text) => ({ en: text, "zh-CN": text })),
    columns: columns.map((text) => ({ en: text, "zh-CN": text })),
    cells: known.map((category) => ({
      row: rows.indexOf(category.group[first] ?? ""),
      column: columns.indexOf(category.group[second] ?? ""),
      value: category.ratio.kind === "highest" ? 1 : category.ratio.kind === "compared" ? category.ratio.value : null,
      n: category.n,
      few: category.ratio.kind === "none",
    })),
  };
}

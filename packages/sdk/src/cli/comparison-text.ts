import {
  type ComparedMeasure,
  type Comparison,
  comparedQuantities,
  type LocalizedText,
  shownVerdict,
} from "@assay/schema";
import type { Locale } from "@assay/schema/plain";
import { columns } from "./columns.ts";

/** Lines of numbers printed for people. */
const mostShown = 60;

const words = {
  en: {
    verdict: {
      same: "The two are the same.",
      shared: "The two are the same on the rows that both have.",
      improved: "Better: some numbers improved, none got worse.",
      regressed: "Worse: some numbers got worse, none improved.",
      mixed: "Mixed: some numbers improved, some got worse.",
      changed: "Changed, with no better side.",
      "no-evidence": "No evidence of a difference.",
    },
    paired: (rows: number, by: string) => `${rows.toLocaleString("en")} rows paired ${by}.`,
    byId: (column: string) => `by "${column}"`,
    byRow: "by their place in the file",
    unpaired: (reason: string) =>
      `Not paired, because ${reason}: a difference counts only where the intervals do not touch.`,
    left: (onlyA: number, onlyB: number, disagree: number) =>
      `Left out: ${onlyA.toLocaleString("en")} rows of the first alone, ${onlyB.toLocaleString("en")} of the second alone, ${disagree.toLocaleString("en")} whose label, group or weight differs.`,
    otherData: "The data of the two differ.",
    more: (count: number) => `${count.toLocaleString("en")} more numbers; --json or --out shows all`,
    head: ["", "metric", "for", "a", "b", "b − a", "interval", "p adjusted"],
  },
  "zh-CN": {
    verdict: {
      same: "两者相同。",
      shared: "两者在共有的行上相同。",
      improved: "更好：有数值改善，没有变差。",
      regressed: "更差：有数值变差，没有改善。",
      mixed: "有好有坏：有的数值改善，有的变差。",
      changed: "有变化，但没有优劣之分。",
      "no-evidence": "没有差异的证据。",
    },
    paired: (rows: number, by: string) => `${by}配对 ${rows.toLocaleString("en")} 行。`,
    byId: (column: string) => `按“${column}”`,
    byRow: "按行在文件中的位置",
    unpaired: (reason: string) => `未配对（${reason}）：只有区间互不重叠时才算有差异。`,
    left: (onlyA: number, onlyB: number, disagree: number) =>
      `未计入：仅前者有 ${onlyA.toLocaleString("en")} 行，仅后者有 ${onlyB.toLocaleString("en")} 行，标签、分组或权重不一致 ${disagree.toLocaleString("en")} 行。`,
    otherData: "两者的数据不同。",
    more: (count: number) => `另有 ${count.toLocaleString("en")} 个数值；--json 或 --out 给出全部`,
    head: ["", "指标", "对象", "a", "b", "b − a", "区间", "校正后 p"],
  },
} as const;

const marks = {
  improved: "●",
  regressed: "▲",
  changed: "◆",
  "no-evidence": "◐",
  unchanged: "=",
  unknown: "–",
} as const;

/** A comparison for a terminal: the answer, the sentences, then number by number. */
export function comparisonText(comparison: Comparison, locale: Locale): string {
  const w = words[locale];
  const { pairing, measures, findings, verdict } = comparison;
  const left = pairing.kind === "none" ? 0 : pairing.onlyA + pairing.onlyB + pairing.disagree;
  const isOther = pairing.kind === "none" && comparison.a.data !== comparison.b.data;
  const lines: string[] = [
    ...(isOther ? [w.otherData] : []),
    w.verdict[verdict === "same" && left > 0 ? "shared" : verdict],
  ];
  if (pairing.kind === "none") lines.push(w.unpaired(pairing.reason[locale]));
  else {
    lines.push(w.paired(pairing.rows, pairing.kind === "id" ? w.byId(pairing.column ?? "") : w.byRow));
    if (left > 0) {
      lines.push(w.left(pairing.onlyA, pairing.onlyB, pairing.disagree));
    }
  }
  lines.push("");
  for (const { text, verdict: mark } of findings) {
    const sign = mark === "fail" ? "▲" : mark === "pass" ? "●" : mark === "indeterminate" ? "◐" : "–";
    lines.push(`${sign} ${plain(text, locale)}`);
  }
  const rank = { regressed: 0, improved: 1, changed: 2, "no-evidence": 3, unchanged: 4, unknown: 5 } as const;
  const shown = comparedQuantities(measures)
    .filter(({ measure }) => measure.difference !== null && verdict !== "same")
    .sort((x, y) => rank[shownVerdict(x.measure)] - rank[shownVerdict(y.measure)] || x.place - y.place);
  if (shown.length > 0) {
    lines.push("", ...columns([w.head, ...shown.slice(0, mostShown).map(({ measure }) => cells(measure, locale))]));
    if (shown.length > mostShown) lines.push(w.more(shown.length - mostShown));
  }
  return lines.join("\n");
}

function plain(text: LocalizedText, locale: Locale): string {
  return text[locale].replaceAll("**", "");
}

function cells(measure: ComparedMeasure, locale: Locale): string[] {
  const number = (value: number | null | undefined): string =>
    value === null || value === undefined ? "–" : value.toFixed(4);
  const signed = (value: number | null): string => (value !== null && value > 0 ? `+${number(value)}` : number(value));
  const { group, by, class: ofClass, feature, column } = measure;
  const unknown = locale === "en" ? "unknown" : "未知";
  const place = by
    ? `[${by.join(" × ")}]`
    : [...Object.values(group ?? {}).map((value) => value ?? unknown), ofClass, feature, column]
        .filter((one) => one !== undefined)
        .join(", ");
  return [
    marks[shownVerdict(measure)],
    measure.metric,
    place,
    number(measure.a.value),
    number(measure.b.value),
    signed(measure.difference),
    measure.low === undefined ? "" : `${number(measure.low)} … ${number(measure.high)}`,
    measure.p_adjusted === undefined ? "" : measure.p_adjusted < 0.001 ? "< 0.001" : measure.p_adjusted.toFixed(3),
  ];
}

import type { LocalizedText, Table, TableCell } from "@assay/schema";
import { countText, percentText, shareText } from "../../wording/index.ts";
import type { Category, RateTable } from "./categories.ts";
import { groupLabel, type RateKind } from "./kinds.ts";
import type { Input } from "./settings.ts";

/** The table of the public summary (6 RCNY § 5-301, § 5-303), one per grouping and rate, unknown categories last. */
export function summaryTable(table: RateTable, kind: RateKind, input: Input): Table {
  const by = table.by.join(" × ");
  const title: LocalizedText =
    kind.id === "selection"
      ? { en: `Selection rates and impact ratios by ${by}`, "zh-CN": `按 ${by} 的选择率与影响比` }
      : { en: `Scoring rates and impact ratios by ${by}`, "zh-CN": `按 ${by} 的得分率与影响比` };
  return {
    id: `${kind.id}.${table.by.join("+")}`,
    title,
    caption: captionOf(table, input),
    columns: [
      ...table.by.map((name): Table["columns"][number] => ({ title: { en: name, "zh-CN": name }, format: "text" })),
      { title: { en: "People", "zh-CN": "人数" }, format: "count" },
      { title: kind.yesTitle, format: "count" },
      { title: kind.rateTitle, format: "percent" },
      { title: { en: "Impact ratio", "zh-CN": "影响比" }, format: "ratio" },
      { title: { en: "Fisher p, adjusted", "zh-CN": "Fisher 检验 p（校正后）" }, format: "p" },
    ],
    rows: table.categories.map((category) => ({
      few: category.isKnown && category.ratio.kind === "none",
      cells: [
        ...Object.values(category.group).map((value): TableCell => value ?? { en: "unknown", "zh-CN": "未知" }),
        category.n,
        category.yes,
        category.rate === null
          ? null
          : { value: category.rate.value, low: category.rate.low, high: category.rate.high },
        ratioCell(category),
        category.ratio.kind === "compared" ? category.ratio.pAdjusted : null,
      ],
    })),
  };
}

function captionOf(table: RateTable, input: Input): LocalizedText {
  const highest = table.highest ? groupLabel(table.highest.group) : null;
  const percent = shareText(input.exclude_under);
  const confidence = shareText(input.confidence);
  const unknown = countText(table.unknown);
  const missing = countText(table.missing);
  return {
    en: `Ratios are to the highest rate${highest ? ` (${highest.en})` : ""}. Categories under ${percent} of the ${countText(table.used)} people used are left out of the ratios and never are the highest. ${unknown} people are in an unknown category; ${missing} have no outcome and are not counted. Intervals: ${confidence}.`,
    "zh-CN": `影响比以最高的比率为分母${highest ? `（${highest["zh-CN"]}）` : ""}。占所用 ${countText(table.used)} 人不足 ${percent} 的类别不计算影响比，也不作为最高者。${unknown} 人属于未知类别；${missing} 人没有结果，未计入。区间：${confidence}。`,
  };
}

function ratioCell({ ratio, isKnown, share, n }: Category): TableCell {
  if (ratio.kind === "highest") return 1;
  if (ratio.kind === "compared") {
    return { value: ratio.value, low: ratio.low, high: Number.isFinite(ratio.high) ? ratio.high : null };
  }
  if (!isKnown || n === 0) return null;
  if (ratio.reason.startsWith("excluded")) {
    return { en: `excluded (${percentText(share)})`, "zh-CN": `已排除（${percentText(share)}）` };
  }
  return null;
}

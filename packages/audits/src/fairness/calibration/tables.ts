import type { Measure, Table, TableCell } from "@assay/schema";
import { columnsText, groupOf, groupText } from "../../groups/reading.ts";
import { percentText } from "../../wording/index.ts";
import type { ScoredGrouping } from "./conclude.ts";
import type { Input } from "./settings.ts";

const mostRows = 200;

/** One table for each grouping. */
export function tablesOf(groupings: readonly ScoredGrouping[], measures: readonly Measure[], input: Input): Table[] {
  const byKey = new Map(measures.map((measure) => [keyOf(measure.metric, measure.group ?? {}), measure]));
  const level = percentText(input.confidence, 0);
  return groupings.map(({ by, groups, comparator }, place): Table => {
    const shown = groups.slice(0, mostRows);
    const against = comparator === null ? null : groupText(comparator.values);
    return {
      id: `calibration-${place + 1}`,
      title: { en: `Calibration by ${columnsText(by)}`, "zh-CN": `按 ${columnsText(by)} 的校准情况` },
      caption: {
        en: `Gap: share positive less mean score. Intervals at ${level}.${against === null ? "" : ` ABROCA is against ${against.en}.`}${groups.length > shown.length ? ` The first ${mostRows} of ${groups.length} groups.` : ""}`,
        "zh-CN": `差距＝正例比例减平均分数。区间为 ${level}。${against === null ? "" : `ABROCA 以 ${against["zh-CN"]} 为对照。`}${groups.length > shown.length ? `仅列出 ${groups.length} 个组中的前 ${mostRows} 个。` : ""}`,
      },
      columns: [
        { title: { en: "Group", "zh-CN": "组" }, format: "text" },
        { title: { en: "Rows", "zh-CN": "行数" }, format: "count" },
        { title: { en: "Mean score", "zh-CN": "平均分数" }, format: "percent" },
        { title: { en: "Gap", "zh-CN": "差距" }, format: "points" },
        { title: { en: "Adjusted p", "zh-CN": "校正后 p" }, format: "p" },
        { title: { en: "Calibration error", "zh-CN": "校准误差" }, format: "percent" },
        { title: { en: "ABROCA", "zh-CN": "ABROCA" }, format: "number" },
        { title: { en: "Adjusted p", "zh-CN": "校正后 p" }, format: "p" },
      ],
      rows: shown.map((group) => {
        const find = (metric: string): Measure | undefined => byKey.get(keyOf(metric, groupOf(by, group.values)));
        return {
          few: group.rows < input.min_count,
          cells: [
            groupText(group.values),
            group.rows,
            find("mean-score")?.value ?? null,
            cellOf(find("calibration-gap")),
            find("calibration-gap")?.p_adjusted ?? null,
            cellOf(find("expected-calibration-error")),
            cellOf(find("abroca")),
            find("abroca")?.p_adjusted ?? null,
          ],
        };
      }),
    };
  });
}

function keyOf(metric: string, group: Record<string, string | null>): string {
  return JSON.stringify([metric, Object.entries(group)]);
}

function cellOf(measure: Measure | undefined): TableCell {
  if (measure?.value == null) return null;
  return { value: measure.value, low: measure.low ?? null, high: measure.high ?? null };
}

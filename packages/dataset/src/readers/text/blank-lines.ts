import type { LocalizedText } from "@assay/schema";

/** The warning about blank lines between rows; none where there are none. */
export function blankLineWarning(count: number, firstLine: number): readonly LocalizedText[] {
  if (count === 0) return [];
  return [
    {
      en: `${count === 1 ? "1 blank line" : `${count} blank lines`} between rows ${count === 1 ? "is" : "are"} not counted as rows; the first is line ${firstLine}.`,
      "zh-CN": `行间有 ${count} 个空行，未计为数据行；第一个在第 ${firstLine} 行。`,
    },
  ];
}

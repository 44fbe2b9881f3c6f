import type { LocalizedText } from "@assay/schema";
import { plainText } from "../../groups/reading.ts";
import { decimalText } from "../../wording/index.ts";
import type { Slice } from "./found.ts";
import { type ColumnBins, othersBin } from "./search-bins.ts";

/** Names of searched columns and of their bins. */
export interface Names {
  readonly columns: readonly string[];
  readonly bins: readonly (ColumnBins | null)[];
}

/** column → the bin's text, as it stands on a measure; null for missing values. */
export function groupOfSlice({ columns, bins }: Slice, names: Names): Record<string, string | null> {
  const entries = columns.map((column, index): [string, string | null] => [
    names.columns[column] ?? "",
    names.bins[column]?.labels[bins[index] ?? 0] ?? null,
  ]);
  return Object.fromEntries(entries);
}

/** `sex = Female, age 25–44`; missing values are said to be unknown, rarer ones to be others. */
export function sliceText({ columns, bins }: Slice, names: Names): LocalizedText {
  const terms = columns.map((column, index): LocalizedText => {
    const name = plainText(names.columns[column] ?? "");
    const own = names.bins[column];
    const bin = bins[index] ?? 0;
    const label = own?.labels[bin] ?? null;
    if (label === null) return { en: `${name} unknown`, "zh-CN": `${name} 未知` };
    if (own && bin === othersBin(own)) {
      return { en: `${name} = a rarer value`, "zh-CN": `${name} = 较少见的取值` };
    }
    // A band says how it compares: `age <26`, `age 26–41`.
    const isBand = own?.binning.kind === "number" && !Number.isFinite(Number(label));
    const text = `${name}${isBand ? " " : " = "}${plainText(label)}`;
    return { en: text, "zh-CN": text };
  });
  return {
    en: terms.map((term) => term.en).join(", "),
    "zh-CN": terms.map((term) => term["zh-CN"]).join("、"),
  };
}

/** A share as percentage points: 0.1107 → `11.1`. */
export function pointsText(share: number): string {
  return decimalText(share * 100, 1);
}

import type { Binning } from "../../binning/binning.ts";
import type { Sketch } from "../../binning/sketch.ts";

/** A column's bins, and what they are called: `labels[bin]`, null for missing values. */
export type ColumnBins = { readonly binning: Binning; readonly labels: readonly (string | null)[] };

/** Bin of rarer texts; −1 where there is none. */
export function othersBin({ binning }: ColumnBins): number {
  return binning.kind === "text" && binning.others ? binning.levels.length + 1 : -1;
}

/**
 * Names of bins as a report prints them: a text as the file has it; numbers as bands, `<25`, `25–44`, `≥45` for integers,
 * else `≤0.5`, `>0.5–0.7`, `>0.7`, and the number itself where a bin holds no other.
 */
export function labelBins(binning: Binning, sketch: Sketch | null): ColumnBins {
  if (binning.kind === "skipped") return { binning, labels: [null] };
  if (binning.kind === "text") {
    const others = binning.others ? [othersName(binning.levels)] : [];
    return { binning, labels: [null, ...binning.levels, ...others] };
  }
  const { cuts } = binning;
  const values = sketch?.kind === "values" ? sketch.counts.keys : null;
  const isWhole = values?.every(Number.isInteger) ?? false;
  const labels = Array.from({ length: cuts.length + 1 }, (_, bin) => {
    const above = cuts[bin - 1];
    const upTo = cuts[bin];
    const single = values === null ? null : onlyValue(values, above, upTo);
    if (single !== null) return String(single);
    if (above === undefined) return upTo === undefined ? "all" : isWhole ? `<${upTo + 1}` : `≤${upTo}`;
    if (upTo === undefined) return isWhole ? `≥${above + 1}` : `>${above}`;
    return isWhole ? `${above + 1}–${upTo}` : `>${above}–${upTo}`;
  });
  return { binning, labels: [null, ...labels] };
}

/** The one value in (above, upTo]; null where there are more. */
function onlyValue(
  values: Float64Array,
  above = Number.NEGATIVE_INFINITY,
  upTo = Number.POSITIVE_INFINITY,
): number | null {
  const inside = values.filter((value) => value > above && value <= upTo);
  return inside.length === 1 ? (inside[0] ?? null) : null;
}

/** No text of the column itself. */
function othersName(levels: readonly string[]): string {
  let name = "(other values)";
  while (levels.includes(name)) name = `(${name})`;
  return name;
}

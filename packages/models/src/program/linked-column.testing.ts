import type { NumberColumn } from "../columns.ts";
import type { ColumnLink } from "../model.ts";

/** A column by what its link says it is of a forest's sums. */
export function linkedColumn({ link, sums, place }: ColumnLink, of: readonly NumberColumn[]): number[] {
  const rows = of[0]?.length ?? 0;
  return Array.from({ length: rows }, (_, row) => {
    const values = sums.map(({ terms, shift }) =>
      terms.reduce((sum, term) => sum + term.weight * (of[term.of]?.[row] ?? 0), shift),
    );
    const made =
      link === "identity"
        ? values
        : link === "softmax"
          ? values.map((value) => Math.exp(value))
          : values.map((value) => 1 / (1 + Math.exp(-value)));
    const total = link === "softmax" || link === "logistic-share" ? made.reduce((sum, value) => sum + value, 0) : 1;
    return (made[place] ?? Number.NaN) / total;
  });
}

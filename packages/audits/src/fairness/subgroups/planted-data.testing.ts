import { PhiloxStream } from "@assay/compute";
import type { Cells } from "../../testing/run-cells.ts";

export interface Planted {
  readonly rows: number;
  readonly seed: number;
  /** Error rate outside the planted group. */
  readonly base: number;
  /** Share of rows in the group, and what is added to its error rate. */
  readonly share: number;
  readonly extra: number;
}

/** Columns to search, besides the two that make the group. */
const others = { region: ["north", "south", "east", "west"], job: ["a", "b", "c"], shift: ["day", "night"] } as const;

/** Names of all columns that are searched. */
export const searched = ["sex", "age", ...Object.keys(others)] as const;

/**
 * Rows with one group, `sex = f` and the higher of two ages, whose decisions are wrong more often. Each of the two halves
 * of its description alone holds √share of the rows.
 */
export function planted({ rows, seed, base, share, extra }: Planted): Cells {
  const random = new PhiloxStream(seed, 77);
  const side = Math.sqrt(share);
  const cells: Record<string, (string | null)[]> = { label: [], decision: [] };
  for (const name of searched) cells[name] = [];
  for (let row = 0; row < rows; row++) {
    const isFemale = random.uniform() < side;
    const isOld = random.uniform() < side;
    const label = random.integer(2);
    const isWrong = random.uniform() < base + (isFemale && isOld ? extra : 0);
    cells.sex?.push(isFemale ? "f" : "m");
    cells.age?.push(isOld ? "old" : "young");
    for (const [name, values] of Object.entries(others))
      cells[name]?.push(values[random.integer(values.length)] ?? null);
    cells.label?.push(String(label));
    cells.decision?.push(String(isWrong ? 1 - label : label));
  }
  return cells;
}

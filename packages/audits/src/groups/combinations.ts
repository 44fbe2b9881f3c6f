import { classes, type Device } from "@assay/compute";
import type { Codes } from "@assay/dataset";

/** Numbers the combinations that occur, so that no table over all possible ones is needed. */
export async function combinations(
  device: Device,
  columns: readonly { readonly codes: Codes; readonly levels: readonly string[] }[],
  rows: number,
): Promise<{ ids: Uint32Array; members: readonly (readonly number[])[] }> {
  const { firsts, classOf } = await classes(device, {
    columns: columns.map(({ codes, levels }) => ({ codes, size: levels.length + 1 })),
    rows,
    counts: null,
    classOf: true,
  });
  return {
    ids: classOf ?? new Uint32Array(rows),
    members: Array.from(firsts, (row) => columns.map(({ codes }) => codes[row] ?? 0)),
  };
}

/** Orders combinations by their first code, then their second, and so on. */
export function compareCodes(a: readonly number[], b: readonly number[]): number {
  for (const [index, code] of a.entries()) {
    const other = b[index] ?? 0;
    if (code !== other) return code - other;
  }
  return 0;
}

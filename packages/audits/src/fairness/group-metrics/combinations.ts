import type { Codes } from "@assay/dataset";

/** Numbers the combinations that occur, column by column, so that no table over all possible ones is needed. */
export function combinations(
  columns: readonly { readonly codes: Codes; readonly levels: readonly string[] }[],
  rows: number,
): { ids: Uint32Array; members: readonly (readonly number[])[] } {
  let ids = new Uint32Array(rows);
  let members: number[][] = [[]];
  for (const column of columns) {
    const size = column.levels.length + 1;
    const next = new Uint32Array(rows);
    const nextMembers: number[][] = [];
    const seen = new Map<number, number>();
    for (let row = 0; row < rows; row++) {
      const before = ids[row] ?? 0;
      const code = column.codes[row] ?? 0;
      const key = before * size + code;
      let id = seen.get(key);
      if (id === undefined) {
        id = nextMembers.length;
        seen.set(key, id);
        nextMembers.push([...(members[before] ?? []), code]);
      }
      next[row] = id;
    }
    ids = next;
    members = nextMembers;
  }
  return { ids, members };
}

/** Orders combinations by their first code, then their second, and so on. */
export function compareCodes(a: readonly number[], b: readonly number[]): number {
  for (const [index, code] of a.entries()) {
    const other = b[index] ?? 0;
    if (code !== other) return code - other;
  }
  return 0;
}

import type { Estimated } from "../../groups/group-measures.ts";

/** The largest groups, in their own order. */
export function largest(groups: readonly Estimated[], most: number): readonly Estimated[] {
  if (groups.length <= most) return groups;
  const kept = new Set([...groups].sort((a, b) => b.group.rows - a.group.rows).slice(0, most));
  return groups.filter((group) => kept.has(group));
}

/** The value of the largest group: whom others are compared with where the plan names nobody. */
export function largestValue(
  groups: readonly { readonly values: readonly (string | null)[]; readonly rows: number }[],
): string | null {
  let best: string | null = null;
  let most = -1;
  for (const group of groups) {
    if (group.rows > most) {
      most = group.rows;
      best = group.values[0] ?? null;
    }
  }
  return best;
}

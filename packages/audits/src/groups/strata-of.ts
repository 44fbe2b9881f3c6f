/** A group with its stratum's values before its own. */
interface Stratified {
  readonly values: readonly (string | null)[];
  readonly rows: number;
}

export interface Stratum<Of> {
  readonly values: readonly (string | null)[];
  readonly groups: readonly Of[];
}

/** Groups by stratum, the first `width` of their values, in the order met; and rows of each known group over all strata. */
export function strataOf<Of extends Stratified>(
  groups: readonly Of[],
  width: number,
): { readonly strata: readonly Stratum<Of>[]; readonly totals: ReadonlyMap<string, number> } {
  const strata = new Map<string, { values: readonly (string | null)[]; groups: Of[] }>();
  const totals = new Map<string, number>();
  for (const group of groups) {
    const values = group.values.slice(0, width);
    const key = JSON.stringify(values);
    const held = strata.get(key);
    if (held) held.groups.push(group);
    else strata.set(key, { values, groups: [group] });
    const own = group.values[width];
    if (own !== null && own !== undefined) totals.set(own, (totals.get(own) ?? 0) + group.rows);
  }
  return { strata: [...strata.values()], totals };
}

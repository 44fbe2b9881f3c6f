import { modes, type TreeTable, treeOfNodes } from "./tree-table.ts";

/** Whether every sum of a leaf of each tree, from the base values, lies in [0, 1]; 1e-5 is left for rounding. */
export function sumsWithinOne(table: TreeTable, base: Float64Array): boolean {
  const tree = treeOfNodes(table);
  const leaf = modes.indexOf("leaf");
  const leaves = new Uint32Array(table.roots.length);
  const ranges = new Map<number, { low: number; high: number; leaves: number }>();
  for (let node = 0; node < table.mode.length; node++) {
    const of = tree[node] ?? -1;
    if (table.mode[node] !== leaf || of < 0) continue;
    leaves[of] = (leaves[of] ?? 0) + 1;
    const values = new Map<number, number>();
    for (let vote = table.voteStart[node] ?? 0; vote < (table.voteStart[node + 1] ?? 0); vote++) {
      const target = table.voteTarget[vote] ?? 0;
      values.set(target, (values.get(target) ?? 0) + (table.voteWeight[vote] ?? 0));
    }
    for (const [target, value] of values) {
      const key = of * table.targets + target;
      const range = ranges.get(key);
      if (!range) ranges.set(key, { low: value, high: value, leaves: 1 });
      else {
        range.low = Math.min(range.low, value);
        range.high = Math.max(range.high, value);
        range.leaves++;
      }
    }
  }
  const least = new Float64Array(table.targets);
  least.set(base.subarray(0, table.targets));
  const most = least.slice();
  for (const [key, range] of ranges) {
    const target = key % table.targets;
    // A leaf without a vote adds nothing.
    const all = range.leaves === leaves[Math.floor(key / table.targets)];
    least[target] = (least[target] ?? 0) + (all ? range.low : Math.min(0, range.low));
    most[target] = (most[target] ?? 0) + (all ? range.high : Math.max(0, range.high));
  }
  return least.every((low, target) => low >= -1e-5 && (most[target] ?? 0) <= 1 + 1e-5);
}

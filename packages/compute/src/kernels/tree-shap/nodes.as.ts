// The nodes of trees that are walked through one by one.

/** Bytes of a node: [column, threshold as float32, rule, left, right, player]. */
export const NODE: usize = 24;
const BY_EQUALITY: u32 = 1;
const MISSING_LEFT: u32 = 2;

@inline export function goesLeft(node: usize, x: f32): bool {
  const rule = load<u32>(node, 8);
  const threshold = load<f32>(node, 4);
  if (x != x) return (rule & MISSING_LEFT) != 0;
  return (rule & BY_EQUALITY) != 0 ? x == threshold : x <= threshold;
}

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

/**
 * f64[rows][outputs]: the sums of the trees for rows first + begin … first + end − 1 of a table f32[columns × tableRows],
 * from base on. leafOutputs and leafValues as a forest's.
 */
export function treeShapPredict(
  nodes: usize,
  roots: usize,
  trees: u32,
  leafOutputs: usize,
  leafValues: usize,
  base: usize,
  outputs: u32,
  table: usize,
  tableRows: u32,
  first: u32,
  out: usize,
  begin: u32,
  end: u32,
): void {
  for (let row = begin; row < end; row++) {
    const sums = out + ((<usize>row * outputs) << 3);
    memory.copy(sums, base, (<usize>outputs) << 3);
    const values = table + ((<usize>(first + row)) << 2);
    for (let tree: u32 = 0; tree < trees; tree++) {
      let node = nodes + <usize>load<u32>(roots + ((<usize>tree) << 2)) * NODE;
      while (load<i32>(node) >= 0) {
        const x = load<f32>(values + ((<usize>load<u32>(node) * tableRows) << 2));
        node = nodes + <usize>(goesLeft(node, x) ? load<u32>(node, 12) : load<u32>(node, 16)) * NODE;
      }
      const last = load<u32>(node, 16);
      for (let entry = load<u32>(node, 12); entry < last; entry++) {
        const at = sums + ((<usize>load<u32>(leafOutputs + ((<usize>entry) << 2))) << 3);
        store<f64>(at, load<f64>(at) + load<f64>(leafValues + ((<usize>entry) << 3)));
      }
    }
  }
}

import { addLeaves, findSlots } from "./descend.as";
import { Header, section, Tree } from "./model.as";
import { fillTile } from "./tile.as";
import { descendTop } from "./top.as";

/** Begins the sums of `rows` rows with the base values. */
export function beginSums(model: usize, sums: usize, rows: u32): void {
  const outputs = load<u32>(model + Header.outputs);
  const base = section(model, Header.base);
  const sizeBytes = <usize>outputs << 3;
  for (let row: u32 = 0; row < rows; row++) {
    memory.copy(sums, base, sizeBytes);
    sums += sizeBytes;
  }
}

/** Adds, for `rows` rows, the leaves that `slots` tell, counted in `tree`. */
export function addSlots(model: usize, tree: usize, slots: usize, rows: u32, sums: usize): void {
  const outputs = <usize>load<u32>(model + Header.outputs);
  const first = load<u32>(tree + Tree.slot);
  const ranges = load<u32>(model + Header.ranges);
  const end = slots + (<usize>rows << 2);
  if (ranges == 0) {
    const values = section(model, Header.values) + (<usize>first << 3);
    sums += <usize>load<u32>(tree + Tree.output) << 3;
    for (; slots < end; slots += 4, sums += outputs << 3) {
      store<i64>(sums, load<i64>(sums) + load<i64>(values + (<usize>load<u32>(slots) << 3)));
    }
    return;
  }
  const range = model + <usize>ranges + (<usize>first << 3);
  const pairValues = section(model, Header.pairValues);
  const pairOutputs = section(model, Header.pairOutputs);
  for (; slots < end; slots += 4, sums += outputs << 3) {
    const leaf = range + (<usize>load<u32>(slots) << 3);
    const last = load<u32>(leaf, 4);
    for (let pair = load<u32>(leaf); pair < last; pair++) {
      const sum = sums + (<usize>load<u32>(pairOutputs + (<usize>pair << 2)) << 3);
      store<i64>(sum, load<i64>(sum) + load<i64>(pairValues + (<usize>pair << 3)));
    }
  }
}

/** Turns sums into float64, in their place. */
export function endSums(model: usize, sums: usize, rows: u32): void {
  const outputs = load<u32>(model + Header.outputs);
  const units = section(model, Header.units);
  for (let row: u32 = 0; row < rows; row++) {
    for (let output: u32 = 0; output < outputs; output++) {
      store<f64>(sums, <f64>load<i64>(sums) * load<f64>(units + (<usize>output << 3)));
      sums += 8;
    }
  }
}

/**
 * out: float64[rows * outputs], with room for whole tiles: the forest's sums for the rows from `first` on. An item is a
 * tile. scratch: slotBytes for each item.
 */
export function forestPredict(
  model: usize,
  table: usize,
  tableRows: u32,
  columns: usize,
  indexes: usize,
  viewRows: u32,
  first: u32,
  rows: u32,
  scratch: usize,
  scratchBytes: u32,
  out: usize,
  begin: u32,
  end: u32,
): void {
  const shift = load<u32>(model + Header.tileShift);
  const count = load<u32>(model + Header.columns);
  const outputs = load<u32>(model + Header.outputs);
  const trees = section(model, Header.trees);
  const lastTree = trees + <usize>load<u32>(model + Header.treeCount) * Tree.sizeBytes;
  const scalar = load<u32>(model + Header.ranges) == 0;
  const masks = scratch + <usize>begin * <usize>scratchBytes;
  const places = masks + 15 * 256;
  const slots = places + 256;
  const tile = slots + 1024;
  for (let item = begin; item < end; item++) {
    const start = item << shift;
    const valid = min<u32>(rows - start, 1 << shift);
    const padded = (valid + 31) & ~31;
    const sums = out + ((<usize>start * <usize>outputs) << 3);
    fillTile(tile, shift, table, tableRows, columns, count, indexes, viewRows, first + start, valid);
    beginSums(model, sums, padded);
    for (let tree = trees; tree < lastTree; tree += Tree.sizeBytes) {
      if (scalar && load<u32>(tree + Tree.rest) == 0) {
        const nodes = section(model, Header.nodes) + (<usize>load<u32>(tree + Tree.node) << 3);
        const values = section(model, Header.values) + (<usize>load<u32>(tree + Tree.slot) << 3);
        const levels = load<u32>(tree + Tree.levels);
        const from = min<u32>(levels, 4);
        const sum = sums + (<usize>load<u32>(tree + Tree.output) << 3);
        descendTop(tile, nodes, from, padded, masks, places);
        addLeaves(tile, nodes, from, levels, padded, places, values, sum, <usize>outputs << 3);
      } else {
        findSlots(model, tree, tile, padded, masks, places, slots);
        addSlots(model, tree, slots, padded, sums);
      }
    }
    endSums(model, sums, padded);
  }
}

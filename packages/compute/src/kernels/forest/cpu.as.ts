export { forestBounds } from "./bounds.as";
export { forestKeep } from "./keep.as";
export { forestPermuted } from "./permuted.as";
export { forestPermutedColumn } from "./permuted-column.as";
import { addLeaves, findSlots } from "./descend.as";
import { Header, section, Tree } from "./model.as";
import { addSlots, beginSums, endSums } from "./sums.as";
import { fillTile } from "./tile.as";
import { descendTop } from "./top.as";

/**
 * out: float64[rows * outputs], with room for whole tiles: the forest's sums for the rows from `first` on. An item is
 * `tiles` tiles, which go through a tree one after another while it is in the cache. scratch: scratchBytes for each item.
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
  tiles: u32,
  scratch: usize,
  scratchBytes: u32,
  out: usize,
  begin: u32,
  end: u32,
): void {
  const shift = load<u32>(model + Header.tileShift);
  const count = load<u32>(model + Header.columns);
  const rowBytes = <usize>load<u32>(model + Header.outputs) << 3;
  const tileBytes = (<usize>(count + 1) << shift) << 2;
  const trees = section(model, Header.trees);
  const lastTree = trees + <usize>load<u32>(model + Header.treeCount) * Tree.sizeBytes;
  const scalar = load<u32>(model + Header.ranges) == 0;
  const masks = scratch + <usize>begin * <usize>scratchBytes;
  const places = masks + 15 * 256;
  const slots = places + 256;
  const keys = slots + 1024;
  for (let item = begin; item < end; item++) {
    const start = (item * tiles) << shift;
    const stop = min<u32>(rows, start + (tiles << shift));
    for (let row = start, tile = keys; row < stop; row += 1 << shift, tile += tileBytes) {
      const valid = min<u32>(stop - row, 1 << shift);
      fillTile(tile, shift, table, tableRows, columns, count, indexes, viewRows, first + row, valid);
      beginSums(model, out + <usize>row * rowBytes, (valid + 31) & ~31);
    }
    for (let tree = trees; tree < lastTree; tree += Tree.sizeBytes) {
      for (let row = start, tile = keys; row < stop; row += 1 << shift, tile += tileBytes) {
        const padded = (min<u32>(stop - row, 1 << shift) + 31) & ~31;
        const sums = out + <usize>row * rowBytes;
        if (scalar && load<u32>(tree + Tree.rest) == 0) {
          const nodes = section(model, Header.nodes) + (<usize>load<u32>(tree + Tree.node) << 3);
          const values = section(model, Header.values) + (<usize>load<u32>(tree + Tree.slot) << 3);
          const levels = load<u32>(tree + Tree.levels);
          const from = min<u32>(levels, 4);
          const sum = sums + (<usize>load<u32>(tree + Tree.output) << 3);
          descendTop(tile, nodes, from, padded, masks, places);
          addLeaves(tile, nodes, from, levels, padded, places, values, sum, rowBytes);
        } else {
          findSlots(model, tree, tile, padded, masks, places, slots);
          addSlots(model, tree, slots, padded, sums);
        }
      }
    }
    endSums(model, out + <usize>start * rowBytes, stop - start);
  }
}

import { findSlots } from "./descend.as";
import { Header, section, Tree } from "./model.as";
import { addSlots, beginSums } from "./sums.as";
import { fillTile } from "./tile.as";

/**
 * Keeps where rows come to: kept: u8, u16 or u32 (`width` bytes)[tiles][trees][tile rows], the leaf in each tree; sums:
 * i64[rows][outputs], with room for whole tiles. An item is a tile; scratch: scratchBytes for each item.
 */
export function forestKeep(
  model: usize,
  table: usize,
  tableRows: u32,
  columns: usize,
  first: u32,
  rows: u32,
  scratch: usize,
  scratchBytes: u32,
  kept: usize,
  width: u32,
  sums: usize,
  begin: u32,
  end: u32,
): void {
  const shift = load<u32>(model + Header.tileShift);
  const count = load<u32>(model + Header.columns);
  const treeCount = load<u32>(model + Header.treeCount);
  const rowBytes = <usize>load<u32>(model + Header.outputs) << 3;
  const masks = scratch + <usize>begin * <usize>scratchBytes;
  const places = masks + 15 * 256;
  const slots = places + 256;
  const tile = slots + 1024;
  for (let item = begin; item < end; item++) {
    const start = item << shift;
    const valid = min<u32>(rows - start, 1 << shift);
    const padded = (valid + 31) & ~31;
    const ofItem = sums + <usize>start * rowBytes;
    fillTile(tile, shift, table, tableRows, columns, count, 0, 0, first + start, valid);
    beginSums(model, ofItem, padded);
    let to = kept + ((<usize>item * <usize>treeCount) << shift) * <usize>width;
    for (let number: u32 = 0; number < treeCount; number++) {
      const tree = section(model, Header.trees) + <usize>number * Tree.sizeBytes;
      findSlots(model, tree, tile, padded, masks, places, slots);
      addSlots(model, tree, slots, padded, ofItem);
      if (width == 1) {
        for (let row: usize = 0; row < <usize>padded; row += 16) {
          const at = slots + (row << 2);
          const low = i16x8.narrow_i32x4_u(v128.load(at), v128.load(at, 16));
          const high = i16x8.narrow_i32x4_u(v128.load(at, 32), v128.load(at, 48));
          v128.store(to + row, i8x16.narrow_i16x8_u(low, high));
        }
      } else if (width == 2) {
        for (let row: usize = 0; row < <usize>padded; row += 8) {
          const at = slots + (row << 2);
          v128.store(to + (row << 1), i16x8.narrow_i32x4_u(v128.load(at), v128.load(at, 16)));
        }
      } else memory.copy(to, slots, <usize>padded << 2);
      to += <usize>width << shift;
    }
  }
}

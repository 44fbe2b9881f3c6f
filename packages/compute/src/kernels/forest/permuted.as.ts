import { findAgain, findSlots } from "./descend.as";
import { Header, section, Tree } from "./model.as";
import { addSlots, beginSums, endSums, exchangeSlots } from "./sums.as";
import { fillTile, gather } from "./tile.as";

/** The most levels a tree without a tail has, and the first level of those that go through it again. */
const lists: usize = 13;
const listBytes: usize = 264;

/**
 * lists: for each level from which rows must go through a tree again, their count (u32[13]) and the rows. A row must where
 * a key of one of the `count` columns lies outside the bounds of its leaf.
 */
function listChanged(
  keys: usize,
  bounds: usize,
  count: u32,
  shift: u32,
  rows: u32,
  slots: usize,
  starts: usize,
  counts: usize,
  list: usize,
): u32 {
  const column = <usize>4 << shift;
  let changed: u32 = 0;
  memory.fill(counts, 0, lists << 2);
  for (let row: u32 = 0; row < rows; row += 16) {
    const at = <usize>row << 2;
    let within = i8x16.splat(-1);
    for (let index: usize = 0; index < <usize>count; index++) {
      const key = keys + index * column + at;
      const above = bounds + 2 * index * column + at;
      const upTo = above + column;
      const a = v128.andnot(i32x4.gt_s(v128.load(key), v128.load(above)), i32x4.gt_s(v128.load(key), v128.load(upTo)));
      const b = v128.andnot(
        i32x4.gt_s(v128.load(key, 16), v128.load(above, 16)),
        i32x4.gt_s(v128.load(key, 16), v128.load(upTo, 16)),
      );
      const c = v128.andnot(
        i32x4.gt_s(v128.load(key, 32), v128.load(above, 32)),
        i32x4.gt_s(v128.load(key, 32), v128.load(upTo, 32)),
      );
      const d = v128.andnot(
        i32x4.gt_s(v128.load(key, 48), v128.load(above, 48)),
        i32x4.gt_s(v128.load(key, 48), v128.load(upTo, 48)),
      );
      const all = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
      within = v128.and(within, all);
    }
    let outside = <u32>i8x16.bitmask(within) ^ 0xffff;
    if (rows - row < 16) outside &= (1 << (rows - row)) - 1;
    changed += popcnt<u32>(outside);
    while (outside != 0) {
      const found = row + ctz<u32>(outside);
      outside &= outside - 1;
      const start = <usize>load<u8>(starts + <usize>load<u32>(slots + (<usize>found << 2)));
      const number = load<u32>(counts + (start << 2));
      store<u8>(list + start * listBytes + <usize>number, <u8>found);
      store<u32>(counts + (start << 2), number + 1);
    }
  }
  return changed;
}

/** to: {above, upTo}[count][rows], each row's as its leaf has them: from[slots][count]. */
function spreadBounds(from: usize, count: u32, slots: usize, rows: u32, shift: u32, to: usize): void {
  const column = <usize>4 << shift;
  const end = <usize>rows << 2;
  if (count == 1) {
    for (let at: usize = 0; at < end; at += 4) {
      const both = load<u64>(from + (<usize>load<u32>(slots + at) << 3));
      store<u32>(to + at, <u32>both);
      store<u32>(to + column + at, <u32>(both >> 32));
    }
    return;
  }
  for (let at: usize = 0; at < end; at += 4) {
    let bound = from + ((<usize>load<u32>(slots + at) * <usize>count) << 3);
    let too = to + at;
    for (let index: u32 = 0; index < count; index++) {
      store<u32>(too, load<u32>(bound));
      store<u32>(too + column, load<u32>(bound, 4));
      bound += 8;
      too += 2 * column;
    }
  }
}

/**
 * Predictions with some of the forest's columns read through other row indexes, for every repeat: a row goes through a
 * tree once, and again only where a repeat's values lie outside the bounds of its leaf.
 *
 * indexes: u32[repeats][tableRows]. columns, count: as fillTile takes them; members: u32[group], those of `columns` that
 * are read through the indexes; asks: u8[trees], 1 where a tree asks one of them; bounds, starts: of forestBounds.
 * out: float64[repeats][outRows][outputs], with room for whole tiles: the rows from `first` on. An item is a tile.
 */
export function forestPermuted(
  model: usize,
  table: usize,
  tableRows: u32,
  columns: usize,
  members: usize,
  group: u32,
  asks: usize,
  bounds: usize,
  starts: usize,
  indexes: usize,
  repeats: u32,
  first: u32,
  rows: u32,
  scratch: usize,
  scratchBytes: u32,
  out: usize,
  outRows: u32,
  begin: u32,
  end: u32,
): void {
  const shift = load<u32>(model + Header.tileShift);
  const count = load<u32>(model + Header.columns);
  const outputs = load<u32>(model + Header.outputs);
  const treeCount = load<u32>(model + Header.treeCount);
  const columnBytes = <usize>4 << shift;
  const rowBytes = <usize>outputs << 3;
  const masks = scratch + <usize>begin * <usize>scratchBytes;
  const places = masks + 15 * 256;
  const slots = places + 256;
  const found = slots + 1024;
  const counts = found + 1024;
  const list = counts + 64;
  const own = list + lists * listBytes;
  const limits = own + <usize>group * columnBytes;
  const keys = limits + 2 * <usize>group * columnBytes;
  const tile = keys + <usize>repeats * <usize>group * columnBytes;
  const sums = tile + <usize>(count + 1) * columnBytes;
  for (let item = begin; item < end; item++) {
    const start = item << shift;
    const valid = min<u32>(rows - start, 1 << shift);
    const padded = (valid + 31) & ~31;
    fillTile(tile, shift, table, tableRows, columns, count, 0, 0, first + start, valid);
    for (let index: usize = 0; index < <usize>group; index++) {
      const member = <usize>load<u32>(members + (index << 2));
      const code = load<u32>(columns + (member << 3));
      const from = table + (((<usize>code >> 1) * <usize>tableRows) << 2);
      memory.copy(own + index * columnBytes, tile + member * columnBytes, columnBytes);
      for (let repeat: usize = 0; repeat < <usize>repeats; repeat++) {
        const through = indexes + ((repeat * <usize>tableRows + <usize>first + <usize>start) << 2);
        gather(from, through, keys + (repeat * <usize>group + index) * columnBytes, valid, code << 31);
      }
    }
    beginSums(model, sums, padded);
    for (let repeat: usize = 0; repeat < <usize>repeats; repeat++) {
      memory.fill(out + (repeat * <usize>outRows + <usize>start) * rowBytes, 0, <usize>valid * rowBytes);
    }
    for (let number: u32 = 0; number < treeCount; number++) {
      const tree = section(model, Header.trees) + <usize>number * Tree.sizeBytes;
      findSlots(model, tree, tile, padded, masks, places, slots);
      addSlots(model, tree, slots, padded, sums);
      if (load<u8>(asks + <usize>number) == 0) continue;
      const firstSlot = <usize>load<u32>(tree + Tree.slot);
      spreadBounds(bounds + ((firstSlot * <usize>group) << 3), group, slots, padded, shift, limits);
      for (let repeat: usize = 0; repeat < <usize>repeats; repeat++) {
        const theirs = keys + repeat * <usize>group * columnBytes;
        if (listChanged(theirs, limits, group, shift, valid, slots, starts + firstSlot, counts, list) == 0) continue;
        putKeys(members, group, columnBytes, theirs, tile);
        const target = out + (repeat * <usize>outRows + <usize>start) * rowBytes;
        for (let level: u32 = 0; level < <u32>lists; level++) {
          const changed = load<u32>(counts + (<usize>level << 2));
          if (changed == 0) continue;
          const those = list + <usize>level * listBytes;
          findAgain(model, tree, tile, those, changed, slots, level, found);
          exchangeSlots(model, tree, those, changed, slots, found, target);
        }
      }
      putKeys(members, group, columnBytes, own, tile);
    }
    for (let repeat: usize = 0; repeat < <usize>repeats; repeat++) {
      const target = out + (repeat * <usize>outRows + <usize>start) * rowBytes;
      const last = <usize>valid * rowBytes;
      for (let at: usize = 0; at < last; at += 8) store<i64>(target + at, load<i64>(target + at) + load<i64>(sums + at));
      endSums(model, target, valid);
    }
  }
}

/** Puts keys[count][rows] into the tile's columns that they are of. */
@inline function putKeys(members: usize, count: u32, columnBytes: usize, keys: usize, tile: usize): void {
  for (let index: usize = 0; index < <usize>count; index++) {
    const to = tile + <usize>load<u32>(members + (index << 2)) * columnBytes;
    const from = keys + index * columnBytes;
    for (let at: usize = 0; at < columnBytes; at += 16) v128.store(to + at, v128.load(from + at));
  }
}

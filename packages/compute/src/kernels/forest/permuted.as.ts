import { gatherKeys, listBytes, listRows, lists, widen } from "./changed-rows.as";
import { findAgain } from "./descend.as";
import { Header, section, Tree } from "./model.as";
import { fillTile } from "./tile.as";

/** ranges: {lowest, highest}[rows][group], of the keys in all lanes. */
function rangesOf(keys: usize, count: u32, lanes: u32, ranges: usize): void {
  for (let index: u32 = 0; index < count; index++) {
    let lowest = v128.load(keys);
    let highest = lowest;
    for (let lane: usize = 16; lane < <usize>lanes << 2; lane += 16) {
      lowest = i32x4.min_s(lowest, v128.load(keys + lane));
      highest = i32x4.max_s(highest, v128.load(keys + lane));
    }
    lowest = i32x4.min_s(lowest, i8x16.shuffle(lowest, lowest, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    highest = i32x4.max_s(highest, i8x16.shuffle(highest, highest, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    store<i32>(ranges, min<i32>(i32x4.extract_lane(lowest, 0), i32x4.extract_lane(lowest, 1)));
    store<i32>(ranges, max<i32>(i32x4.extract_lane(highest, 0), i32x4.extract_lane(highest, 1)), 4);
    keys += <usize>lanes << 2;
    ranges += 8;
  }
}

/** In four lanes from `lane` on: all ones where every key of the row lies within the bounds. */
@inline function within(keys: usize, bound: usize, group: u32, lanes: u32, lane: usize): v128 {
  let all = i32x4.splat(-1);
  for (let index: u32 = 0; index < group; index++) {
    const key = v128.load(keys + (lane << 2));
    const inside = v128.andnot(i32x4.gt_s(key, v128.load32_splat(bound)), i32x4.gt_s(key, v128.load32_splat(bound + 4)));
    all = v128.and(all, inside);
    keys += <usize>lanes << 2;
    bound += 8;
  }
  return all;
}

/** Adds a value to those of the sums i64[lanes] that a mask of four i32 lanes tells, from `lane` on. */
@inline function addWithin(sums: usize, value: v128, mask: v128): void {
  v128.store(sums, i64x2.add(v128.load(sums), v128.and(value, i64x2.extend_low_i32x4_s(mask))));
  v128.store(sums, i64x2.add(v128.load(sums, 16), v128.and(value, i64x2.extend_high_i32x4_s(mask))), 16);
}

/** Adds pairs of a leaf, or takes them away, where lanes tell. */
function addPairs(model: usize, slot: u32, lanes: u32, sums: usize, masks: usize, away: bool): void {
  const range = model + <usize>load<u32>(model + Header.ranges) + (<usize>slot << 3);
  const pairValues = section(model, Header.pairValues);
  const pairOutputs = section(model, Header.pairOutputs);
  const last = load<u32>(range, 4);
  for (let pair = load<u32>(range); pair < last; pair++) {
    const value = load<i64>(pairValues + (<usize>pair << 3));
    const splat = i64x2.splat(away ? -value : value);
    const sum = sums + <usize>load<u32>(pairOutputs + (<usize>pair << 2)) * (<usize>lanes << 3);
    for (let lane: usize = 0; lane < <usize>lanes; lane += 4) {
      addWithin(sum + (lane << 3), splat, v128.load(masks + (lane << 2)));
    }
  }
}

/**
 * What some columns' permutations add to the sums of rows: a row whose leaf is kept goes through a tree again only where
 * a repeat's keys lie outside the bounds of that leaf, and once for all repeats that come to one leaf.
 *
 * indexes: u32[][indexRows], of which up to 16 repeats are read, from firstRepeat on. columns, count: as fillTile takes them; members:
 * u32[group], those of `columns` that are read through the indexes; asks: u8[trees], 1 where a tree asks one of them;
 * bounds, starts: of forestBounds; kept, width, base: of forestKeep, for the rows from keptFrom on.
 * out: float64[repeats][outRows][outputs], the rows from `first` on. An item is a tile.
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
  indexRows: u32,
  firstRepeat: u32,
  repeats: u32,
  first: u32,
  rows: u32,
  kept: usize,
  width: u32,
  base: usize,
  keptFrom: u32,
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
  const lanes = (repeats + 3) & ~3;
  const columnBytes = <usize>4 << shift;
  const through = indexes + ((<usize>firstRepeat * <usize>indexRows) << 2);
  const keyBytes = <usize>(group * lanes) << 2;
  const sumBytes = <usize>(outputs * lanes) << 3;
  const slots = scratch + <usize>begin * <usize>scratchBytes;
  const found = slots + 1024;
  const rowList = found + 1040;
  const counts = rowList + listBytes;
  const masks = counts + 56;
  const list = masks + 64;
  const left = list + lists * listBytes;
  const ranges = left + 2 * lists * listBytes;
  const tile = ranges + ((<usize>group << shift) << 3);
  const column = tile + <usize>(count + 1) * columnBytes;
  const keys = column + columnBytes;
  const sums = keys + (keyBytes << shift);
  for (let item = begin; item < end; item++) {
    const start = item << shift;
    const valid = min<u32>(rows - start, 1 << shift);
    fillTile(tile, shift, table, tableRows, columns, count, 0, 0, first + start, valid);
    for (let index: u32 = 0; index < group; index++) {
      const member = <usize>load<u32>(members + (<usize>index << 2));
      const code = load<u32>(columns + (member << 3));
      const own = tile + member * columnBytes;
      const to = keys + (<usize>(index * lanes) << 2);
      const from = first + start;
      gatherKeys(table, tableRows, code, through, indexRows, repeats, from, valid, own, column, to, keyBytes, lanes);
    }
    for (let row: u32 = 0; row < valid; row++) {
      rangesOf(keys + <usize>row * keyBytes, group, lanes, ranges + <usize>row * (<usize>group << 3));
    }
    memory.fill(sums, 0, <usize>valid * sumBytes);
    const place = first + start - keptFrom;
    let keptTree = kept + <usize>place * <usize>treeCount * <usize>width;
    for (let number: u32 = 0; number < treeCount; number++, keptTree += <usize>width << shift) {
      if (load<u8>(asks + <usize>number) == 0) continue;
      const tree = section(model, Header.trees) + <usize>number * Tree.sizeBytes;
      const firstSlot = load<u32>(tree + Tree.slot);
      const ofTree = bounds + <usize>(firstSlot * group << 3);
      widen(keptTree, width, valid, slots);
      const listed = listRows(ranges, ofTree, group, slots, valid, rowList);
      if (listed == 0) continue;
      sortRows(rowList, listed, keys, keyBytes, ofTree, group, lanes, slots, starts + firstSlot, counts, list, left);
      for (let level: usize = 0; level < lists; level++) {
        const changed = load<u32>(counts + (level << 2));
        if (changed == 0) continue;
        const those = list + level * listBytes;
        const theirs = left + 2 * level * listBytes;
        exchange(
          model,
          tree,
          tile,
          members,
          group,
          columnBytes,
          those,
          theirs,
          changed,
          slots,
          found,
          <u32>level,
          keys,
          keyBytes,
          ofTree,
          lanes,
          sums,
          sumBytes,
          masks,
        );
      }
    }
    finish(model, sums, lanes, base + ((<usize>place * <usize>outputs) << 3), valid, repeats, out, outRows, start);
  }
}

/** Sorts rows by the level from which they go through the tree again: list: u8, left: u16, bits of the repeats that do. */
function sortRows(
  rowList: usize,
  listed: u32,
  keys: usize,
  keyBytes: usize,
  bounds: usize,
  group: u32,
  lanes: u32,
  slots: usize,
  starts: usize,
  counts: usize,
  list: usize,
  left: usize,
): void {
  memory.fill(counts, 0, lists << 2);
  for (let at: u32 = 0; at < listed; at++) {
    const row = <usize>load<u8>(rowList + <usize>at);
    const slot = <usize>load<u32>(slots + (row << 2));
    const bound = bounds + slot * (<usize>group << 3);
    let outside: u32 = 0;
    for (let lane: u32 = 0; lane < lanes; lane += 4) {
      const inside = within(keys + row * keyBytes, bound, group, lanes, <usize>lane);
      outside |= (<u32>i32x4.bitmask(inside) ^ 15) << lane;
    }
    const start = <usize>load<u8>(starts + slot);
    const number = load<u32>(counts + (start << 2));
    store<u8>(list + start * listBytes + <usize>number, <u8>row);
    store<u16>(left + ((start * listBytes + <usize>number) << 1), <u16>outside);
    store<u32>(counts + (start << 2), number + 1);
  }
}

/** Sends rows through a tree with the keys of one of the repeats left, then is done with all that come to its leaf. */
function exchange(
  model: usize,
  tree: usize,
  tile: usize,
  members: usize,
  group: u32,
  columnBytes: usize,
  list: usize,
  left: usize,
  count: u32,
  slots: usize,
  found: usize,
  level: u32,
  keys: usize,
  keyBytes: usize,
  bounds: usize,
  lanes: u32,
  sums: usize,
  sumBytes: usize,
  masks: usize,
): void {
  const firstSlot = load<u32>(tree + Tree.slot);
  const scalar = load<u32>(model + Header.ranges) == 0;
  const values = section(model, Header.values) + (<usize>firstSlot << 3);
  const ofOutput = <usize>load<u32>(tree + Tree.output) * (<usize>lanes << 3);
  const numbers = i32x4(0, 1, 2, 3);
  while (count > 0) {
    for (let index: u32 = 0; index < group; index++) {
      const to = tile + <usize>load<u32>(members + (<usize>index << 2)) * columnBytes;
      const from = keys + (<usize>(index * lanes) << 2);
      for (let at: usize = 0; at < <usize>count; at++) {
        const row = <usize>load<u8>(list + at);
        const repeat = ctz<u32>(load<u16>(left + (at << 1)));
        store<i32>(to + (row << 2), load<i32>(from + row * keyBytes + (<usize>repeat << 2)));
      }
    }
    findAgain(model, tree, tile, list, count, slots, level, found);
    let remaining: usize = 0;
    for (let at: usize = 0; at < <usize>count; at++) {
      const row = <usize>load<u8>(list + at);
      const open = <u32>load<u16>(left + (at << 1));
      const slot = load<u32>(found + (at << 2));
      const before = load<u32>(slots + (row << 2));
      const bound = bounds + <usize>slot * (<usize>group << 3);
      const own = i32x4.splat(ctz<u32>(open));
      const sum = sums + row * sumBytes;
      let done: u32 = 0;
      if (scalar) {
        const value = i64x2.splat(load<i64>(values + (<usize>slot << 3)) - load<i64>(values + (<usize>before << 3)));
        for (let lane: u32 = 0; lane < lanes; lane += 4) {
          let mask = within(keys + row * keyBytes, bound, group, lanes, <usize>lane);
          mask = v128.or(mask, i32x4.eq(i32x4.add(numbers, i32x4.splat(lane)), own));
          addWithin(sum + ofOutput + (<usize>lane << 3), value, mask);
          done |= <u32>i32x4.bitmask(mask) << lane;
        }
      } else {
        for (let lane: u32 = 0; lane < lanes; lane += 4) {
          let mask = within(keys + row * keyBytes, bound, group, lanes, <usize>lane);
          mask = v128.or(mask, i32x4.eq(i32x4.add(numbers, i32x4.splat(lane)), own));
          v128.store(masks + (<usize>lane << 2), mask);
          done |= <u32>i32x4.bitmask(mask) << lane;
        }
        addPairs(model, firstSlot + before, lanes, sum, masks, true);
        addPairs(model, firstSlot + slot, lanes, sum, masks, false);
      }
      const rest = open & ~done;
      store<u8>(list + remaining, <u8>row);
      store<u16>(left + (remaining << 1), <u16>rest);
      remaining += <usize>(rest != 0);
    }
    count = <u32>remaining;
  }
}

/** Writes the predictions of a tile: the kept sums and what the repeats add. */
function finish(
  model: usize,
  sums: usize,
  lanes: u32,
  base: usize,
  rows: u32,
  repeats: u32,
  out: usize,
  outRows: u32,
  start: u32,
): void {
  const outputs = load<u32>(model + Header.outputs);
  const units = section(model, Header.units);
  for (let repeat: u32 = 0; repeat < repeats; repeat++) {
    let sum = sums + (<usize>repeat << 3);
    let kept = base;
    let to = out + (((<usize>repeat * <usize>outRows + <usize>start) * <usize>outputs) << 3);
    for (let row: u32 = 0; row < rows; row++) {
      for (let output: u32 = 0; output < outputs; output++) {
        store<f64>(to, <f64>(load<i64>(kept) + load<i64>(sum)) * load<f64>(units + (<usize>output << 3)));
        sum += <usize>lanes << 3;
        kept += 8;
        to += 8;
      }
    }
  }
}

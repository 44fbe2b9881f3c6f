import { gatherKeys, listBytes, listRows, lists, widen } from "./changed-rows.as";
import { findAgain } from "./descend.as";
import { Header, section, Tree } from "./model.as";
import { fillTile } from "./tile.as";

/** Sorts a row's keys, and tells of which repeat each is; pairs: scratch of an i64 for each. ranges: the first and last. */
function sortKeys(keys: usize, repeats: u32, lanes: u32, order: usize, pairs: usize, ranges: usize): void {
  for (let repeat: u32 = 0; repeat < repeats; repeat++) {
    const pair = ((<i64>load<i32>(keys + (<usize>repeat << 2))) << 32) | <i64>repeat;
    let at = pairs + (<usize>repeat << 3);
    while (at > pairs && load<i64>(at - 8) > pair) {
      store<i64>(at, load<i64>(at - 8));
      at -= 8;
    }
    store<i64>(at, pair);
  }
  for (let place: u32 = 0; place < repeats; place++) {
    const pair = load<i64>(pairs + (<usize>place << 3));
    store<i32>(keys + (<usize>place << 2), <i32>(pair >> 32));
    store<u8>(order + <usize>place, <u8>pair);
  }
  for (let place = repeats; place < lanes; place++) store<i32>(keys + (<usize>place << 2), i32.MAX_VALUE);
  store<i32>(ranges, load<i32>(keys));
  store<i32>(ranges, load<i32>(keys + (<usize>(repeats - 1) << 2)), 4);
}

/** How many of a row's keys are up to `upTo`. */
@inline function countUpTo(keys: usize, lanes: u32, repeats: u32, upTo: i32): u32 {
  const most = i32x4.splat(upTo);
  let count = lanes;
  for (const end = keys + (<usize>lanes << 2); keys < end; keys += 16) {
    count -= <u32>popcnt<i32>(i32x4.bitmask(i32x4.gt_s(v128.load(keys), most)));
  }
  return min<u32>(count, repeats);
}

/** The repeats of a row that are still to do, in the order of their keys: from `next` to `low`, then from `high` on. */
@inline function pack(next: u32, low: u32, high: u32): u32 {
  return next | (low << 8) | (high << 16);
}

/** Sorts rows by the level from which they go through the tree again: list: u8, left: u32 of `pack`. */
function sortRows(
  rowList: usize,
  listed: u32,
  keys: usize,
  lanes: u32,
  repeats: u32,
  bounds: usize,
  slots: usize,
  starts: usize,
  counts: usize,
  list: usize,
  left: usize,
): void {
  memory.fill(counts, 0, lists << 2);
  const keyBytes = <usize>lanes << 2;
  for (let at: u32 = 0; at < listed; at++) {
    const row = <usize>load<u8>(rowList + <usize>at);
    const slot = <usize>load<u32>(slots + (row << 2));
    const key = keys + row * keyBytes;
    let low = countUpTo(key, lanes, repeats, load<i32>(bounds + (slot << 3)));
    let high = countUpTo(key, lanes, repeats, load<i32>(bounds + (slot << 3), 4));
    // No key lies within the bounds: all are one stretch.
    if (low >= high) {
      low = 0;
      high = 0;
    }
    const start = <usize>load<u8>(starts + slot);
    const number = load<u32>(counts + (start << 2));
    store<u8>(list + start * listBytes + <usize>number, <u8>row);
    store<u32>(left + ((start * listBytes + <usize>number) << 2), pack(low > 0 ? 0 : high, low, high));
    store<u32>(counts + (start << 2), number + 1);
  }
}

@inline function add(sum: usize, value: i64): void {
  store<i64>(sum, load<i64>(sum) + value);
}

/** Adds what a leaf adds to the changes of the keys from `from` to `end`; steps: i64[outputs][places]. */
function addPairs(model: usize, slot: u32, steps: usize, places: usize, from: u32, end: u32, away: bool): void {
  const range = model + <usize>load<u32>(model + Header.ranges) + (<usize>slot << 3);
  const pairValues = section(model, Header.pairValues);
  const pairOutputs = section(model, Header.pairOutputs);
  const last = load<u32>(range, 4);
  for (let pair = load<u32>(range); pair < last; pair++) {
    const value = load<i64>(pairValues + (<usize>pair << 3));
    const step = steps + (<usize>load<u32>(pairOutputs + (<usize>pair << 2)) * places << 3);
    add(step + (<usize>from << 3), away ? -value : value);
    add(step + (<usize>end << 3), away ? value : -value);
  }
}

/** Sends rows through a tree with the least key that is left, then is done with all keys up to the bound of its leaf. */
function exchange(
  model: usize,
  tree: usize,
  tile: usize,
  column: usize,
  list: usize,
  left: usize,
  count: u32,
  slots: usize,
  found: usize,
  level: u32,
  keys: usize,
  lanes: u32,
  repeats: u32,
  bounds: usize,
  steps: usize,
): void {
  const keyBytes = <usize>lanes << 2;
  const places = <usize>repeats + 1;
  const rowBytes = (<usize>load<u32>(model + Header.outputs) * places) << 3;
  const firstSlot = load<u32>(tree + Tree.slot);
  const scalar = load<u32>(model + Header.ranges) == 0;
  const values = section(model, Header.values) + (<usize>firstSlot << 3);
  const ofOutput = (<usize>load<u32>(tree + Tree.output) * places) << 3;
  while (count > 0) {
    for (let at: usize = 0; at < <usize>count; at++) {
      const row = <usize>load<u8>(list + at);
      const next = <usize>load<u8>(left + (at << 2));
      store<i32>(column + (row << 2), load<i32>(keys + row * keyBytes + (next << 2)));
    }
    findAgain(model, tree, tile, list, count, slots, level, found);
    let remaining: usize = 0;
    for (let at: usize = 0; at < <usize>count; at++) {
      const row = <usize>load<u8>(list + at);
      const open = load<u32>(left + (at << 2));
      const next = open & 255;
      const low = (open >> 8) & 255;
      const slot = load<u32>(found + (at << 2));
      const before = load<u32>(slots + (row << 2));
      const upTo = load<i32>(bounds + (<usize>slot << 3), 4);
      let end = max<u32>(countUpTo(keys + row * keyBytes, lanes, repeats, upTo), next + 1);
      const below = next < low;
      end = below ? min<u32>(end, low) : end;
      const step = steps + row * rowBytes;
      if (scalar) {
        const value = load<i64>(values + (<usize>slot << 3)) - load<i64>(values + (<usize>before << 3));
        add(step + ofOutput + (<usize>next << 3), value);
        add(step + ofOutput + (<usize>end << 3), -value);
      } else {
        addPairs(model, firstSlot + before, step, places, next, end, true);
        addPairs(model, firstSlot + slot, step, places, next, end, false);
      }
      const after = below && end == low ? open >> 16 : end;
      store<u8>(list + remaining, <u8>row);
      store<u32>(left + (remaining << 2), (open & 0xffffff00) | after);
      remaining += <usize>(after < repeats);
    }
    count = <u32>remaining;
  }
}

/** Writes the predictions of a tile: the kept sums and the changes up to each key. */
function finish(
  model: usize,
  steps: usize,
  order: usize,
  lanes: u32,
  repeats: u32,
  base: usize,
  rows: u32,
  out: usize,
  outRows: u32,
  start: u32,
): void {
  const outputs = load<u32>(model + Header.outputs);
  const units = section(model, Header.units);
  const repeatBytes = (<usize>outRows * <usize>outputs) << 3;
  let to = out + ((<usize>start * <usize>outputs) << 3);
  for (let row: u32 = 0; row < rows; row++, order += <usize>lanes) {
    for (let output: u32 = 0; output < outputs; output++, to += 8, base += 8, steps += 8) {
      const unit = load<f64>(units + (<usize>output << 3));
      let sum = load<i64>(base);
      for (let place: usize = 0; place < <usize>repeats; place++, steps += 8) {
        sum += load<i64>(steps);
        store<f64>(to + <usize>load<u8>(order + place) * repeatBytes, <f64>sum * unit);
      }
    }
  }
}

/**
 * As forestPermuted, for one column: of a row's keys, in their order, those that come to one leaf stand side by side, so
 * that a leaf is added where they begin and taken away where they end. member: which of `columns`; up to 64 repeats.
 */
export function forestPermutedColumn(
  model: usize,
  table: usize,
  tableRows: u32,
  columns: usize,
  member: u32,
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
  const keyBytes = <usize>lanes << 2;
  const stepBytes = (<usize>outputs * <usize>(repeats + 1)) << 3;
  const columnBytes = <usize>4 << shift;
  const through = indexes + ((<usize>firstRepeat * <usize>indexRows) << 2);
  const slots = scratch + <usize>begin * <usize>scratchBytes;
  const found = slots + 1024;
  const pairs = found + 1040;
  const rowList = pairs + 512;
  const counts = rowList + listBytes;
  const list = counts + 56;
  const left = list + lists * listBytes;
  const ranges = left + 4 * lists * listBytes;
  const steps = ranges + (<usize>8 << shift);
  const tile = steps + (stepBytes << shift);
  const spare = tile + <usize>(count + 1) * columnBytes;
  const keys = spare + columnBytes;
  const order = keys + (keyBytes << shift);
  const code = load<u32>(columns + (<usize>member << 3));
  const column = tile + <usize>member * columnBytes;
  for (let item = begin; item < end; item++) {
    const start = item << shift;
    const valid = min<u32>(rows - start, 1 << shift);
    const from = first + start;
    fillTile(tile, shift, table, tableRows, columns, count, 0, 0, from, valid);
    gatherKeys(table, tableRows, code, through, indexRows, repeats, from, valid, column, spare, keys, keyBytes, lanes);
    for (let row: usize = 0; row < <usize>valid; row++) {
      sortKeys(keys + row * keyBytes, repeats, lanes, order + row * <usize>lanes, pairs, ranges + (row << 3));
    }
    memory.fill(steps, 0, <usize>valid * stepBytes);
    const place = from - keptFrom;
    let keptTree = kept + <usize>place * <usize>treeCount * <usize>width;
    for (let number: u32 = 0; number < treeCount; number++, keptTree += <usize>width << shift) {
      if (load<u8>(asks + <usize>number) == 0) continue;
      const tree = section(model, Header.trees) + <usize>number * Tree.sizeBytes;
      const firstSlot = load<u32>(tree + Tree.slot);
      const ofTree = bounds + (<usize>firstSlot << 3);
      widen(keptTree, width, valid, slots);
      const listed = listRows(ranges, ofTree, 1, slots, valid, rowList);
      if (listed == 0) continue;
      sortRows(rowList, listed, keys, lanes, repeats, ofTree, slots, starts + firstSlot, counts, list, left);
      for (let level: usize = 0; level < lists; level++) {
        const changed = load<u32>(counts + (level << 2));
        if (changed == 0) continue;
        const those = list + level * listBytes;
        const theirs = left + 4 * level * listBytes;
        const by = <u32>level;
        exchange(
          model, tree, tile, column, those, theirs, changed, slots, found, by, keys, lanes, repeats, ofTree, steps,
        );
      }
    }
    const keptSums = base + ((<usize>place * <usize>outputs) << 3);
    finish(model, steps, order, lanes, repeats, keptSums, valid, out, outRows, start);
  }
}

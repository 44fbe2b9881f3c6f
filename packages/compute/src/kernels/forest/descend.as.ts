import { Header, section, Tree } from "./model.as";
import { descendTop } from "./top.as";

/** The place one level further down, from place `at` of the level whose nodes begin at `level`. */
@inline function further(level: usize, at: u32, row: usize): u32 {
  const node = level + (<usize>at << 3);
  return (at << 1) + <u32>(load<i32>(row + <usize>load<u32>(node, 4)) > load<i32>(node));
}

/** The record after record `at`; a leaf's is itself. */
@inline function next(tails: usize, at: u32, row: usize, shift: u32, mask: u32, columnShift: u32): u32 {
  const record = tails + (<usize>at << 3);
  const link = load<u32>(record, 4);
  return (link & mask) + <u32>(load<i32>(row + ((<usize>link >> shift) << columnShift)) > load<i32>(record));
}

/**
 * Adds a tree without a tail to sums of one output: i64[rows] at `sums`, `step` bytes apart, + its leaves' values.
 * places: what descendTop gave for `from` levels. rows: a multiple of 4.
 */
export function addLeaves(
  tile: usize,
  nodes: usize,
  from: u32,
  levels: u32,
  rows: u32,
  places: usize,
  values: usize,
  sums: usize,
  step: usize,
): void {
  const end = places + rows;
  const first = nodes + ((<usize>1 << from) - 1 << 3);
  const last = nodes + ((<usize>1 << levels) - 1 << 3);
  for (let row = tile; places < end; places += 4, row += 16) {
    let a: u32 = load<u8>(places);
    let b: u32 = load<u8>(places, 1);
    let c: u32 = load<u8>(places, 2);
    let d: u32 = load<u8>(places, 3);
    let size = <usize>8 << from;
    for (let level = first; level < last; ) {
      a = further(level, a, row);
      b = further(level, b, row + 4);
      c = further(level, c, row + 8);
      d = further(level, d, row + 12);
      level += size;
      size <<= 1;
    }
    store<i64>(sums, load<i64>(sums) + load<i64>(values + (<usize>a << 3)));
    sums += step;
    store<i64>(sums, load<i64>(sums) + load<i64>(values + (<usize>b << 3)));
    sums += step;
    store<i64>(sums, load<i64>(sums) + load<i64>(values + (<usize>c << 3)));
    sums += step;
    store<i64>(sums, load<i64>(sums) + load<i64>(values + (<usize>d << 3)));
    sums += step;
  }
}

/** slots: u32[rows] = the leaf that each row comes to, counted in its tree. rows: a multiple of 32. */
export function findSlots(
  model: usize,
  tree: usize,
  tile: usize,
  rows: u32,
  masks: usize,
  places: usize,
  slots: usize,
): void {
  const levels = load<u32>(tree + Tree.levels);
  const from = min<u32>(levels, 4);
  const nodes = section(model, Header.nodes) + (<usize>load<u32>(tree + Tree.node) << 3);
  descendTop(tile, nodes, from, rows, masks, places);
  const first = nodes + ((<usize>1 << from) - 1 << 3);
  const last = nodes + ((<usize>1 << levels) - 1 << 3);
  const end = slots + (<usize>rows << 2);
  let to = slots;
  for (let row = tile; to < end; places += 4, row += 16, to += 16) {
    let a: u32 = load<u8>(places);
    let b: u32 = load<u8>(places, 1);
    let c: u32 = load<u8>(places, 2);
    let d: u32 = load<u8>(places, 3);
    let size = <usize>8 << from;
    for (let level = first; level < last; ) {
      a = further(level, a, row);
      b = further(level, b, row + 4);
      c = further(level, c, row + 8);
      d = further(level, d, row + 12);
      level += size;
      size <<= 1;
    }
    store<u32>(to, a);
    store<u32>(to, b, 4);
    store<u32>(to, c, 8);
    store<u32>(to, d, 12);
  }
  if (load<u32>(tree + Tree.rest) > 0) followTails(model, tree, tile, rows, slots);
}

/** slots: on entry where each row comes out below the levels, then its leaf. */
function followTails(model: usize, tree: usize, tile: usize, rows: u32, slots: usize): void {
  const exits = section(model, Header.exits) + (<usize>load<u32>(tree + Tree.exit) << 2);
  const tails = section(model, Header.tails) + (<usize>load<u32>(tree + Tree.tail) << 3);
  const shift = load<u32>(model + Header.linkShift);
  const mask = (<u32>1 << shift) - 1;
  const columnShift = load<u32>(model + Header.tileShift) + 2;
  const end = slots + (<usize>rows << 2);
  for (let row = tile; slots < end; slots += 32, row += 32) {
    let a = load<u32>(exits + (<usize>load<u32>(slots) << 2));
    let b = load<u32>(exits + (<usize>load<u32>(slots, 4) << 2));
    let c = load<u32>(exits + (<usize>load<u32>(slots, 8) << 2));
    let d = load<u32>(exits + (<usize>load<u32>(slots, 12) << 2));
    let e = load<u32>(exits + (<usize>load<u32>(slots, 16) << 2));
    let f = load<u32>(exits + (<usize>load<u32>(slots, 20) << 2));
    let g = load<u32>(exits + (<usize>load<u32>(slots, 24) << 2));
    let h = load<u32>(exits + (<usize>load<u32>(slots, 28) << 2));
    let moved: u32;
    do {
      a = next(tails, a, row, shift, mask, columnShift);
      b = next(tails, b, row + 4, shift, mask, columnShift);
      c = next(tails, c, row + 8, shift, mask, columnShift);
      d = next(tails, d, row + 12, shift, mask, columnShift);
      e = next(tails, e, row + 16, shift, mask, columnShift);
      f = next(tails, f, row + 20, shift, mask, columnShift);
      g = next(tails, g, row + 24, shift, mask, columnShift);
      h = next(tails, h, row + 28, shift, mask, columnShift);
      moved = 0;
      let after = next(tails, a, row, shift, mask, columnShift);
      moved |= after ^ a;
      a = after;
      after = next(tails, b, row + 4, shift, mask, columnShift);
      moved |= after ^ b;
      b = after;
      after = next(tails, c, row + 8, shift, mask, columnShift);
      moved |= after ^ c;
      c = after;
      after = next(tails, d, row + 12, shift, mask, columnShift);
      moved |= after ^ d;
      d = after;
      after = next(tails, e, row + 16, shift, mask, columnShift);
      moved |= after ^ e;
      e = after;
      after = next(tails, f, row + 20, shift, mask, columnShift);
      moved |= after ^ f;
      f = after;
      after = next(tails, g, row + 24, shift, mask, columnShift);
      moved |= after ^ g;
      g = after;
      after = next(tails, h, row + 28, shift, mask, columnShift);
      moved |= after ^ h;
      h = after;
    } while (moved != 0);
    store<u32>(slots, load<u32>(tails + (<usize>a << 3)));
    store<u32>(slots, load<u32>(tails + (<usize>b << 3)), 4);
    store<u32>(slots, load<u32>(tails + (<usize>c << 3)), 8);
    store<u32>(slots, load<u32>(tails + (<usize>d << 3)), 12);
    store<u32>(slots, load<u32>(tails + (<usize>e << 3)), 16);
    store<u32>(slots, load<u32>(tails + (<usize>f << 3)), 20);
    store<u32>(slots, load<u32>(tails + (<usize>g << 3)), 24);
    store<u32>(slots, load<u32>(tails + (<usize>h << 3)), 28);
  }
}

/**
 * Sends some of a tile's rows through a tree again, from level `start` on where the tree has no tail, else from the root.
 * list: u8[count], rows; up to three more are written behind. slots: u32[rows], where rows came to before;
 * found: u32[count], rounded up to 4.
 */
export function findAgain(
  model: usize,
  tree: usize,
  tile: usize,
  list: usize,
  count: u32,
  slots: usize,
  start: u32,
  found: usize,
): void {
  const levels = load<u32>(tree + Tree.levels);
  const rest = load<u32>(tree + Tree.rest);
  const nodes = section(model, Header.nodes) + (<usize>load<u32>(tree + Tree.node) << 3);
  const exits = section(model, Header.exits) + (<usize>load<u32>(tree + Tree.exit) << 2);
  const tails = section(model, Header.tails) + (<usize>load<u32>(tree + Tree.tail) << 3);
  const shift = load<u32>(model + Header.linkShift);
  const mask = (<u32>1 << shift) - 1;
  const columnShift = load<u32>(model + Header.tileShift) + 2;
  const first = nodes + ((<usize>1 << start) - 1 << 3);
  const last = nodes + ((<usize>1 << levels) - 1 << 3);
  const above = levels - start;
  const end = list + count;
  store<u32>(end, <u32>load<u8>(list) * 0x010101);
  for (; list < end; list += 4, found += 16) {
    const row0 = <usize>load<u8>(list) << 2;
    const row1 = <usize>load<u8>(list, 1) << 2;
    const row2 = <usize>load<u8>(list, 2) << 2;
    const row3 = <usize>load<u8>(list, 3) << 2;
    let a: u32 = 0;
    let b: u32 = 0;
    let c: u32 = 0;
    let d: u32 = 0;
    if (start > 0) {
      a = load<u32>(slots + row0) >> above;
      b = load<u32>(slots + row1) >> above;
      c = load<u32>(slots + row2) >> above;
      d = load<u32>(slots + row3) >> above;
    }
    let size = <usize>8 << start;
    for (let level = first; level < last; ) {
      a = further(level, a, tile + row0);
      b = further(level, b, tile + row1);
      c = further(level, c, tile + row2);
      d = further(level, d, tile + row3);
      level += size;
      size <<= 1;
    }
    if (rest > 0) {
      a = load<u32>(exits + (<usize>a << 2));
      b = load<u32>(exits + (<usize>b << 2));
      c = load<u32>(exits + (<usize>c << 2));
      d = load<u32>(exits + (<usize>d << 2));
      let moved: u32;
      do {
        const after0 = next(tails, a, tile + row0, shift, mask, columnShift);
        const after1 = next(tails, b, tile + row1, shift, mask, columnShift);
        const after2 = next(tails, c, tile + row2, shift, mask, columnShift);
        const after3 = next(tails, d, tile + row3, shift, mask, columnShift);
        moved = (after0 ^ a) | (after1 ^ b) | (after2 ^ c) | (after3 ^ d);
        a = after0;
        b = after1;
        c = after2;
        d = after3;
      } while (moved != 0);
      a = load<u32>(tails + (<usize>a << 3));
      b = load<u32>(tails + (<usize>b << 3));
      c = load<u32>(tails + (<usize>c << 3));
      d = load<u32>(tails + (<usize>d << 3));
    }
    store<u32>(found, a);
    store<u32>(found, b, 4);
    store<u32>(found, c, 8);
    store<u32>(found, d, 12);
  }
}

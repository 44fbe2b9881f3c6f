import { Header, section, Tree } from "./model.as";

/** Narrows bounds of `count` columns, {i32 above, i32 upTo} each: the keys that go the ways taken so far. */
@inline function narrow(bounds: usize, column: i32, threshold: i32, high: bool): void {
  const at = bounds + (<usize>column << 3);
  if (high) store<i32>(at, max<i32>(load<i32>(at), threshold));
  else store<i32>(at, min<i32>(load<i32>(at, 4), threshold), 4);
}

function widest(bounds: usize, count: u32): void {
  for (let column: u32 = 0; column < count; column++) store<i64>(bounds + (<usize>column << 3), 0x7fffffff80000000);
}

function intersect(bounds: usize, others: usize, count: u32): void {
  for (let column: u32 = 0; column < count; column++) {
    narrow(bounds, column, load<i32>(others + (<usize>column << 3)), true);
    narrow(bounds, column, load<i32>(others + (<usize>column << 3), 4), false);
  }
}

/** Bounds of the ways to place `place` of those below `levels`; returns the first level that asks one of the columns. */
function boundsOfPlace(nodes: usize, levels: u32, place: u32, columns: usize, columnShift: u32, bounds: usize): u32 {
  let first = levels;
  let node: u32 = 0;
  for (let level: u32 = 0; level < levels; level++) {
    const at = nodes + (<usize>node << 3);
    const high = (place >> (levels - 1 - level)) & 1;
    const column = load<i32>(columns + ((<usize>load<u32>(at, 4) >> columnShift) << 2));
    if (column >= 0) {
      first = min<u32>(first, level);
      narrow(bounds, column, load<i32>(at), high != 0);
    }
    node = 2 * node + 1 + high;
  }
  return first;
}

/**
 * For each slot of the trees that ask one of some columns: what the columns' keys must be for a row that comes to the
 * slot's leaf to come there still. columns: i32 for each of the forest's columns and the one never exceeded, its number
 * among the `count`, or -1. bounds: {i32 above, i32 upTo}[slots][count]; starts: u8[slots], the first level that asks.
 * ofRecords: scratch, as bounds, for the records of all tails. An item is a tree.
 */
export function forestBounds(
  model: usize,
  asks: usize,
  columns: usize,
  count: u32,
  bounds: usize,
  starts: usize,
  ofRecords: usize,
  begin: u32,
  end: u32,
): void {
  const step = <usize>count << 3;
  const columnShift = load<u32>(model + Header.tileShift) + 2;
  const linkShift = load<u32>(model + Header.linkShift);
  const linkMask = (<u32>1 << linkShift) - 1;
  const never = load<u32>(model + Header.columns);
  for (let item = begin; item < end; item++) {
    if (load<u8>(asks + <usize>item) == 0) continue;
    const tree = section(model, Header.trees) + <usize>item * Tree.sizeBytes;
    const levels = load<u32>(tree + Tree.levels);
    const nodes = section(model, Header.nodes) + (<usize>load<u32>(tree + Tree.node) << 3);
    const slots = load<u32>(tree + Tree.slots);
    const ofSlots = bounds + <usize>load<u32>(tree + Tree.slot) * step;
    const startsOfSlots = starts + <usize>load<u32>(tree + Tree.slot);
    for (let slot: u32 = 0; slot < slots; slot++) widest(ofSlots + <usize>slot * step, count);
    if (load<u32>(tree + Tree.rest) == 0) {
      for (let slot: u32 = 0; slot < slots; slot++) {
        const start = boundsOfPlace(nodes, levels, slot, columns, columnShift, ofSlots + <usize>slot * step);
        store<u8>(startsOfSlots + <usize>slot, <u8>start);
      }
      continue;
    }
    memory.fill(startsOfSlots, 0, slots);
    const exits = section(model, Header.exits) + (<usize>load<u32>(tree + Tree.exit) << 2);
    const tails = section(model, Header.tails) + (<usize>load<u32>(tree + Tree.tail) << 3);
    const records = load<u32>(tree + Tree.records);
    const ofTree = ofRecords + <usize>load<u32>(tree + Tree.tail) * step;
    for (let record: u32 = 0; record < records; record++) widest(ofTree + <usize>record * step, count);
    for (let place: u32 = 0; place < <u32>1 << levels; place++) {
      const record = ofTree + <usize>load<u32>(exits + (<usize>place << 2)) * step;
      boundsOfPlace(nodes, levels, place, columns, columnShift, record);
    }
    // Links lead forward, so that a record's bounds are done before it is left.
    for (let record: u32 = 0; record < records; record++) {
      const at = tails + (<usize>record << 3);
      const own = ofTree + <usize>record * step;
      const link = load<u32>(at, 4);
      const asked = link >> linkShift;
      if (asked == never) {
        intersect(ofSlots + <usize>load<u32>(at) * step, own, count);
        continue;
      }
      const low = ofTree + <usize>(link & linkMask) * step;
      const high = low + step;
      intersect(low, own, count);
      intersect(high, own, count);
      const column = load<i32>(columns + (<usize>asked << 2));
      if (column >= 0) {
        narrow(low, column, load<i32>(at), false);
        narrow(high, column, load<i32>(at), true);
      }
    }
  }
}

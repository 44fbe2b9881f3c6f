import { gather } from "./tile.as";

/** The most levels of a tree without a tail, and one. */
export const lists: usize = 13;
/** Rows of a list: a byte each, and four to spare. */
export const listBytes: usize = 264;

/** slots: u32[rows], from how they were kept; writes up to 16 in one go. */
export function widen(kept: usize, width: u32, rows: u32, slots: usize): void {
  const end = slots + (<usize>rows << 2);
  if (width == 4) memory.copy(slots, kept, <usize>rows << 2);
  else if (width == 2) {
    for (; slots < end; slots += 16, kept += 8) v128.store(slots, v128.load16x4_u(kept));
  } else {
    for (; slots < end; slots += 64, kept += 16) {
      const low = v128.load8x8_u(kept);
      const high = v128.load8x8_u(kept, 8);
      v128.store(slots, i32x4.extend_low_i16x8_u(low));
      v128.store(slots, i32x4.extend_high_i16x8_u(low), 16);
      v128.store(slots, i32x4.extend_low_i16x8_u(high), 32);
      v128.store(slots, i32x4.extend_high_i16x8_u(high), 48);
    }
  }
}

/** keys: i32[rows][group][lanes], the keys of all repeats side by side; what is left of the lanes holds the row's own. */
export function gatherKeys(
  table: usize,
  tableRows: u32,
  code: u32,
  indexes: usize,
  indexRows: u32,
  repeats: u32,
  first: u32,
  rows: u32,
  own: usize,
  column: usize,
  keys: usize,
  rowBytes: usize,
  lanes: u32,
): void {
  const from = table + (((<usize>code >> 1) * <usize>tableRows) << 2);
  for (let lane: u32 = 0; lane < lanes; lane++) {
    let source = own;
    if (lane < repeats) {
      gather(from, indexes + ((<usize>lane * <usize>indexRows + <usize>first) << 2), column, rows, code << 31);
      source = column;
    }
    let to = keys + (<usize>lane << 2);
    const end = source + (<usize>rows << 2);
    for (; source < end; source += 4, to += rowBytes) store<i32>(to, load<i32>(source));
  }
}

/** list: u8[], the rows of which some repeat's key lies outside the bounds of the row's leaf; returns how many. */
export function listRows(ranges: usize, bounds: usize, group: u32, slots: usize, rows: u32, list: usize): u32 {
  let count: usize = 0;
  if (group == 1) {
    for (let row: u32 = 0; row < rows; row++, ranges += 8) {
      const bound = bounds + (<usize>load<u32>(slots + (<usize>row << 2)) << 3);
      store<u8>(list + count, <u8>row);
      count += <usize>(
        <u32>(load<i32>(ranges) <= load<i32>(bound)) | <u32>(load<i32>(ranges, 4) > load<i32>(bound, 4))
      );
    }
    return <u32>count;
  }
  const step = <usize>group << 3;
  for (let row: u32 = 0; row < rows; row++) {
    const bound = bounds + <usize>load<u32>(slots + (<usize>row << 2)) * step;
    let outside: u32 = 0;
    for (let at: usize = 0; at < step; at += 8) {
      outside |=
        <u32>(load<i32>(ranges + at) <= load<i32>(bound + at)) | <u32>(load<i32>(ranges + at, 4) > load<i32>(bound + at, 4));
    }
    store<u8>(list + count, <u8>row);
    count += <usize>outside;
    ranges += step;
  }
  return <u32>count;
}

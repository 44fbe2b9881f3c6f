/** Few thresholds are counted 16 rows at a time; many are searched row by row. */
const COUNTED: u32 = 64;

/**
 * Ranks (see ranks.ts) of rows `first` … `first + rows` − 1 of a table f32[columns × tableRows], for the ranked columns
 * begin … end − 1. columns: for each u32[6]: its column in the table, its first threshold, its end, doubled, width,
 * bytes before. out: column after column of `stride` rows; rows from `rows` to `stride` are left as they are.
 */
export function treeShapRank(
  table: usize,
  tableRows: u32,
  first: u32,
  rows: u32,
  stride: u32,
  columns: usize,
  thresholds: usize,
  out: usize,
  begin: u32,
  end: u32,
): void {
  for (let index = begin; index < end; index++) {
    const column = columns + <usize>index * 24;
    const values = table + ((<usize>load<u32>(column) * tableRows + first) << 2);
    const list = thresholds + ((<usize>load<u32>(column, 4)) << 2);
    const count = load<u32>(column, 8) - load<u32>(column, 4);
    const doubled = load<u32>(column, 12);
    const width = load<u32>(column, 16);
    const ranks = out + <usize>load<u32>(column, 20) * stride;
    const whole = width == 1 && doubled == 0 && count <= COUNTED ? rows & ~15 : 0;
    for (let row: u32 = 0; row < whole; row += 16) v128.store(ranks + row, counted(values + (<usize>row << 2), list, count));
    for (let row: u32 = whole; row < rows; row++) {
      const x = load<f32>(values + (<usize>row << 2));
      let rank: u32;
      if (x != x) {
        rank = u32.MAX_VALUE;
      } else {
        rank = below(list, count, x);
        if (doubled != 0) {
          const equal = rank < count && load<f32>(list + ((<usize>rank) << 2)) == x;
          rank = 2 * rank + u32(equal);
        }
      }
      if (width == 1) store<u8>(ranks + row, <u8>rank);
      else if (width == 2) store<u16>(ranks + (<usize>row << 1), <u16>rank);
      else store<u32>(ranks + (<usize>row << 2), rank);
    }
  }
}

/** u8[16]: how many thresholds are below each of 16 values; 255 where missing. */
@inline function counted(values: usize, list: usize, count: u32): v128 {
  const x0 = v128.load(values), x1 = v128.load(values, 16), x2 = v128.load(values, 32), x3 = v128.load(values, 48);
  let c0 = i32x4.splat(0), c1 = i32x4.splat(0), c2 = i32x4.splat(0), c3 = i32x4.splat(0);
  for (let k: u32 = 0; k < count; k++) {
    const threshold = v128.load32_splat(list + ((<usize>k) << 2));
    c0 = i32x4.sub(c0, f32x4.lt(threshold, x0));
    c1 = i32x4.sub(c1, f32x4.lt(threshold, x1));
    c2 = i32x4.sub(c2, f32x4.lt(threshold, x2));
    c3 = i32x4.sub(c3, f32x4.lt(threshold, x3));
  }
  const missing = i32x4.splat(255);
  c0 = v128.or(c0, v128.and(f32x4.ne(x0, x0), missing));
  c1 = v128.or(c1, v128.and(f32x4.ne(x1, x1), missing));
  c2 = v128.or(c2, v128.and(f32x4.ne(x2, x2), missing));
  c3 = v128.or(c3, v128.and(f32x4.ne(x3, x3), missing));
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(c0, c1), i16x8.narrow_i32x4_u(c2, c3));
}

/** How many of an ascending list are below x, without a branch on the values. */
@inline function below(list: usize, count: u32, x: f32): u32 {
  if (count == 0) return 0;
  let at = list;
  let left = count;
  while (left > 1) {
    const half = left >> 1;
    const next = at + ((<usize>half) << 2);
    at = select(next, at, load<f32>(next - 4) < x);
    left -= half;
  }
  return (<u32>(at - list) >> 2) + u32(load<f32>(at) < x);
}

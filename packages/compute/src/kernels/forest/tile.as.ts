// A tile: the keys of up to 256 rows in the columns that a forest asks, column after column, and last a column that
// nothing exceeds. A key is an int32 in the order of the float32 it stands for, NaN above all: see key.ts.

/** The key in each lane of a vector of float32. */
@inline function keysOf(values: v128): v128 {
  const key = v128.xor(values, i32x4.shr_u(i32x4.shr_s(values, 31), 1));
  const missing = f32x4.ne(values, values);
  return v128.or(v128.andnot(key, missing), i32x4.shr_u(missing, 1));
}

/** Makes keys of `rows` float32 at `from`, with the sign turned where `turn` is the sign bit. */
function convert(from: usize, to: usize, rows: u32, turn: u32): void {
  const whole = to + (<usize>(rows & ~3) << 2);
  const end = to + (<usize>rows << 2);
  const signs = i32x4.splat(turn);
  while (to < whole) {
    v128.store(to, keysOf(v128.xor(v128.load(from), signs)));
    from += 16;
    to += 16;
  }
  while (to < end) {
    store<i32>(to, i32x4.extract_lane(keysOf(i32x4.splat(load<i32>(from) ^ turn)), 0));
    from += 4;
    to += 4;
  }
}

/** The keys of `rows` rows of one column, each at its index. */
export function gather(column: usize, indexes: usize, to: usize, rows: u32, turn: u32): void {
  const end = <usize>rows << 2;
  for (let at: usize = 0; at < end; at += 4) {
    store<u32>(to + at, load<u32>(column + (<usize>load<u32>(indexes + at) << 2)));
  }
  convert(to, to, rows, turn);
}

/**
 * Fills a tile of 2^shift rows with the rows from `first` on. columns: u32[count * 2], each a column of the table times 2,
 * plus 1 where its sign is turned, and its slot in a view of `viewRows` rows, or -1.
 */
export function fillTile(
  tile: usize,
  shift: u32,
  table: usize,
  tableRows: u32,
  columns: usize,
  count: u32,
  indexes: usize,
  viewRows: u32,
  first: u32,
  rows: u32,
): void {
  for (let column: u32 = 0; column < count; column++) {
    const code = load<u32>(columns + (<usize>column << 3));
    const slot = load<i32>(columns + (<usize>column << 3), 4);
    const to = tile + ((<usize>column << shift) << 2);
    const from = table + (((<usize>code >> 1) * <usize>tableRows) << 2);
    const turn = code << 31;
    if (slot < 0) convert(from + (<usize>first << 2), to, rows, turn);
    else gather(from, indexes + ((<usize>slot * <usize>viewRows + <usize>first) << 2), to, rows, turn);
  }
  const lowest = tile + ((<usize>count << shift) << 2);
  for (let at: usize = 0; at < <usize>4 << shift; at += 16) v128.store(lowest + at, i32x4.splat(i32.MIN_VALUE));
}

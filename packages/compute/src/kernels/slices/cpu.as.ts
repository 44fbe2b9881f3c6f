// Entries of the slices kernel. Columns of u8 codes lie `stride` bytes apart; the last of them, `outcome`, is below 4.
// A status word stays 0 while all is well; see index.ts for what else it can hold.

/** A code >= its column's size sets status to the column's number + 1. Items: columns, outcomes among them. */
export function slicesCheck(
  codes: usize,
  stride: u32,
  sizes: usize,
  rows: u32,
  status: usize,
  begin: u32,
  end: u32,
): void {
  for (let column = begin; column < end; column++) {
    const from = codes + <usize>column * <usize>stride;
    let worst = i8x16.splat(0);
    const whole = rows & ~15;
    for (let row: u32 = 0; row < whole; row += 16) worst = i8x16.max_u(worst, v128.load(from + <usize>row));
    let highest: u32 = 0;
    for (let row = whole; row < rows; row++) highest = max<u32>(highest, <u32>load<u8>(from + <usize>row));
    const size = load<u32>(sizes + (<usize>column << 2));
    const above = i8x16.ge_u(worst, i8x16.splat(<i8>size));
    if (v128.any_true(above) || highest >= size) store<u32>(status, column + 1);
  }
}

/** Four codes as 32 bits each. */
@inline function four(codes: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(codes)));
}

@inline function bump(counts: usize, cell: u32): void {
  const at = counts + (<usize>cell << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/**
 * Counts rows by the codes of a set's columns and the outcome, the outcome fastest. Items: sets, eight u32 each:
 * [columns, 1 to 4 column numbers (the rest 0), first counter, counters of one copy or 0, whether cells pass 16 bits].
 * Rows that follow each other count in four copies side by side, so that equal ones need not wait for each other; with
 * a stride of 0 all four are one. counts: u32[].
 */
export function slicesCount(
  codes: usize,
  stride: u32,
  outcome: u32,
  sizes: usize,
  sets: usize,
  rows: u32,
  counts: usize,
  status: usize,
  begin: u32,
  end: u32,
): void {
  if (load<u32>(status) != 0) return;
  const results = codes + <usize>outcome * <usize>stride;
  for (let set = begin; set < end; set++) {
    const at = sets + (<usize>set << 5);
    const columns = load<u32>(at);
    const first = load<u32>(at, 4);
    const second = load<u32>(at, 8);
    const third = load<u32>(at, 12);
    const fourth = load<u32>(at, 16);
    const a = codes + <usize>first * <usize>stride;
    const b = codes + <usize>second * <usize>stride;
    const c = codes + <usize>third * <usize>stride;
    const d = codes + <usize>fourth * <usize>stride;
    const sizeB = load<u32>(sizes + (<usize>second << 2));
    const sizeC = load<u32>(sizes + (<usize>third << 2));
    const sizeD = load<u32>(sizes + (<usize>fourth << 2));
    const into = counts + (<usize>load<u32>(at, 20) << 2);
    const copy = <usize>load<u32>(at, 24) << 2;
    const into1 = into + copy;
    const into2 = into1 + copy;
    const into3 = into2 + copy;
    const isWide = load<u32>(at, 28) != 0;
    const whole = rows & ~15;
    if (isWide) {
      const factorB = i32x4.splat(sizeB);
      const factorC = i32x4.splat(sizeC);
      const factorD = i32x4.splat(sizeD);
      for (let row: u32 = 0; row < whole; row += 4) {
        const here = <usize>row;
        let cell = four(a + here);
        if (columns > 1) cell = i32x4.add(i32x4.mul(cell, factorB), four(b + here));
        if (columns > 2) cell = i32x4.add(i32x4.mul(cell, factorC), four(c + here));
        if (columns > 3) cell = i32x4.add(i32x4.mul(cell, factorD), four(d + here));
        cell = i32x4.add(i32x4.shl(cell, 2), four(results + here));
        bump(into, <u32>i32x4.extract_lane(cell, 0));
        bump(into1, <u32>i32x4.extract_lane(cell, 1));
        bump(into2, <u32>i32x4.extract_lane(cell, 2));
        bump(into3, <u32>i32x4.extract_lane(cell, 3));
      }
    } else {
      const factorB = i16x8.splat(<i16>sizeB);
      const factorC = i16x8.splat(<i16>sizeC);
      const factorD = i16x8.splat(<i16>sizeD);
      for (let row: u32 = 0; row < whole; row += 8) {
        const here = <usize>row;
        let cell = v128.load_ext<u8>(a + here);
        if (columns > 1) cell = i16x8.add(i16x8.mul(cell, factorB), v128.load_ext<u8>(b + here));
        if (columns > 2) cell = i16x8.add(i16x8.mul(cell, factorC), v128.load_ext<u8>(c + here));
        if (columns > 3) cell = i16x8.add(i16x8.mul(cell, factorD), v128.load_ext<u8>(d + here));
        cell = i16x8.add(i16x8.shl(cell, 2), v128.load_ext<u8>(results + here));
        bump(into, i16x8.extract_lane_u(cell, 0));
        bump(into1, i16x8.extract_lane_u(cell, 1));
        bump(into2, i16x8.extract_lane_u(cell, 2));
        bump(into3, i16x8.extract_lane_u(cell, 3));
        bump(into, i16x8.extract_lane_u(cell, 4));
        bump(into1, i16x8.extract_lane_u(cell, 5));
        bump(into2, i16x8.extract_lane_u(cell, 6));
        bump(into3, i16x8.extract_lane_u(cell, 7));
      }
    }
    for (let row = whole; row < rows; row++) {
      bump(into, cellOf(columns, a, b, c, d, sizeB, sizeC, sizeD, results, <usize>row));
    }
  }
}

@inline function cellOf(
  columns: u32,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  sizeB: u32,
  sizeC: u32,
  sizeD: u32,
  results: usize,
  row: usize,
): u32 {
  let cell = <u32>load<u8>(a + row);
  if (columns > 1) cell = cell * sizeB + <u32>load<u8>(b + row);
  if (columns > 2) cell = cell * sizeC + <u32>load<u8>(c + row);
  if (columns > 3) cell = cell * sizeD + <u32>load<u8>(d + row);
  return (cell << 2) + <u32>load<u8>(results + row);
}

/** The same where a row stands for times[row], an integer. counts: f64[], one copy. */
export function slicesCountTimes(
  codes: usize,
  stride: u32,
  outcome: u32,
  sizes: usize,
  sets: usize,
  times: usize,
  rows: u32,
  counts: usize,
  status: usize,
  begin: u32,
  end: u32,
): void {
  if (load<u32>(status) != 0) return;
  const results = codes + <usize>outcome * <usize>stride;
  for (let set = begin; set < end; set++) {
    const at = sets + (<usize>set << 5);
    const columns = load<u32>(at);
    const second = load<u32>(at, 8);
    const third = load<u32>(at, 12);
    const fourth = load<u32>(at, 16);
    const a = codes + <usize>load<u32>(at, 4) * <usize>stride;
    const b = codes + <usize>second * <usize>stride;
    const c = codes + <usize>third * <usize>stride;
    const d = codes + <usize>fourth * <usize>stride;
    const sizeB = load<u32>(sizes + (<usize>second << 2));
    const sizeC = load<u32>(sizes + (<usize>third << 2));
    const sizeD = load<u32>(sizes + (<usize>fourth << 2));
    const into = counts + (<usize>load<u32>(at, 20) << 3);
    for (let row: u32 = 0; row < rows; row++) {
      const cell = cellOf(columns, a, b, c, d, sizeB, sizeC, sizeD, results, <usize>row);
      const place = into + (<usize>cell << 3);
      store<f64>(place, load<f64>(place) + load<f64>(times + (<usize>row << 3)));
    }
  }
}

// Entries of the tally kernel. A status word stays 0 while all is well; see index.ts for what else it can hold.
const STATUS_COUNT: u32 = 1;
const STATUS_WEIGHT: u32 = 2;

/**
 * cells: u32[], from `at` on = cells * size + codes, or codes alone where it `begins` the cells; codes of `width` bytes.
 * A code >= size sets status to `fault`.
 */
export function tallyCells(
  codes: usize,
  width: u32,
  size: u32,
  begins: u32,
  fault: u32,
  cells: usize,
  at: u32,
  status: usize,
  begin: u32,
  end: u32,
): void {
  if (load<u32>(status) != 0) return;
  const target = cells + (<usize>at << 2);
  const factor = i32x4.splat(begins ? 0 : size);
  let worst = i32x4.splat(0);
  const whole = begin + ((end - begin) & ~15);
  for (let row = begin; row < whole; row += 16) {
    let a: v128, b: v128, c: v128, d: v128;
    if (width == 1) {
      const bytes = v128.load(codes + <usize>row);
      const low = i16x8.extend_low_i8x16_u(bytes);
      const high = i16x8.extend_high_i8x16_u(bytes);
      a = i32x4.extend_low_i16x8_u(low);
      b = i32x4.extend_high_i16x8_u(low);
      c = i32x4.extend_low_i16x8_u(high);
      d = i32x4.extend_high_i16x8_u(high);
    } else if (width == 2) {
      const from = codes + (<usize>row << 1);
      const low = v128.load(from);
      const high = v128.load(from, 16);
      a = i32x4.extend_low_i16x8_u(low);
      b = i32x4.extend_high_i16x8_u(low);
      c = i32x4.extend_low_i16x8_u(high);
      d = i32x4.extend_high_i16x8_u(high);
    } else {
      const from = codes + (<usize>row << 2);
      a = v128.load(from);
      b = v128.load(from, 16);
      c = v128.load(from, 32);
      d = v128.load(from, 48);
    }
    worst = i32x4.max_u(worst, i32x4.max_u(i32x4.max_u(a, b), i32x4.max_u(c, d)));
    const out = target + (<usize>row << 2);
    if (!begins) {
      a = i32x4.add(a, i32x4.mul(v128.load(out), factor));
      b = i32x4.add(b, i32x4.mul(v128.load(out, 16), factor));
      c = i32x4.add(c, i32x4.mul(v128.load(out, 32), factor));
      d = i32x4.add(d, i32x4.mul(v128.load(out, 48), factor));
    }
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
  }
  let highest = max<u32>(
    max<u32>(<u32>i32x4.extract_lane(worst, 0), <u32>i32x4.extract_lane(worst, 1)),
    max<u32>(<u32>i32x4.extract_lane(worst, 2), <u32>i32x4.extract_lane(worst, 3)),
  );
  for (let row = whole; row < end; row++) {
    const code: u32 =
      width == 1
        ? <u32>load<u8>(codes + <usize>row)
        : width == 2
          ? <u32>load<u16>(codes + (<usize>row << 1))
          : load<u32>(codes + (<usize>row << 2));
    highest = max<u32>(highest, code);
    const out = target + (<usize>row << 2);
    store<u32>(out, begins ? code : load<u32>(out) * size + code);
  }
  if (highest >= size) store<u32>(status, fault);
}

/**
 * counts: u32[4 * stride], four histograms side by side: rows that follow each other and fall in one cell, as they
 * mostly do in sorted data, need not wait for one another. With stride 0 all four are one.
 */
export function tallyCount(cells: usize, rows: u32, counts: usize, stride: u32, status: usize): void {
  if (load<u32>(status) != 0) return;
  const step = <usize>stride << 2;
  const second = counts + step;
  const third = second + step;
  const fourth = third + step;
  const whole = rows & ~3;
  let at = cells;
  const end = cells + (<usize>whole << 2);
  for (; at < end; at += 16) {
    const ab = load<u64>(at);
    const cd = load<u64>(at, 8);
    const a = counts + <usize>(<u32>ab << 2);
    store<u32>(a, load<u32>(a) + 1);
    const b = second + <usize>(<u32>(ab >> 32) << 2);
    store<u32>(b, load<u32>(b) + 1);
    const c = third + <usize>(<u32>cd << 2);
    store<u32>(c, load<u32>(c) + 1);
    const d = fourth + <usize>(<u32>(cd >> 32) << 2);
    store<u32>(d, load<u32>(d) + 1);
  }
  for (let row = whole; row < rows; row++) {
    const a = counts + <usize>(load<u32>(cells + (<usize>row << 2)) << 2);
    store<u32>(a, load<u32>(a) + 1);
  }
}

/** Rows whose cells are worked out before they are counted: both stay in the nearest cache. */
const BLOCK: u32 = 4096;

/**
 * Item i is the rows from i * size to (i + 1) * size: counted by up to four columns of codes of a byte each, up to 4096 cells.
 * cells: u16[items * 4096]; counts: u32[items * 4 * stride], four histograms side by side for each item that a range begins
 * with. A code that is not below its column's size sets status to `fault` + the column, and nothing more is counted.
 */
export function tallyBytes(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  sizeA: u32,
  sizeB: u32,
  sizeC: u32,
  sizeD: u32,
  columns: u32,
  rows: u32,
  size: u32,
  cells: usize,
  counts: usize,
  stride: u32,
  fault: u32,
  status: usize,
  begin: u32,
  end: u32,
): void {
  const scratch = cells + <usize>begin * (BLOCK << 1);
  const histograms = counts + ((<usize>begin * stride) << 4);
  const last = min<u32>(rows, end * size);
  for (let from = begin * size; from < last; from += BLOCK) {
    const length = min<u32>(BLOCK, last - from);
    const at = <usize>from;
    if (!place(a + at, length, sizeA, scratch, true)) store<u32>(status, fault);
    else if (columns > 1 && !place(b + at, length, sizeB, scratch, false)) store<u32>(status, fault + 1);
    else if (columns > 2 && !place(c + at, length, sizeC, scratch, false)) store<u32>(status, fault + 2);
    else if (columns > 3 && !place(d + at, length, sizeD, scratch, false)) store<u32>(status, fault + 3);
    if (load<u32>(status) != 0) return;
    countShort(scratch, length, histograms, stride);
  }
}

/** cells: u16[] = cells * size + codes, or codes alone where these begin them; false where a code is not below the size. */
@inline function place(codes: usize, rows: u32, size: u32, cells: usize, begins: bool): bool {
  const factor = i16x8.splat(begins ? 0 : <i16>size);
  let worst = i8x16.splat(0);
  const whole = rows & ~15;
  let row: u32 = 0;
  for (; row < whole; row += 16) {
    const bytes = v128.load(codes + <usize>row);
    worst = i8x16.max_u(worst, bytes);
    let low = i16x8.extend_low_i8x16_u(bytes);
    let high = i16x8.extend_high_i8x16_u(bytes);
    const out = cells + (<usize>row << 1);
    if (!begins) {
      low = i16x8.add(low, i16x8.mul(v128.load(out), factor));
      high = i16x8.add(high, i16x8.mul(v128.load(out, 16), factor));
    }
    v128.store(out, low);
    v128.store(out, high, 16);
  }
  let fits = size > 255 || !v128.any_true(i8x16.ge_u(worst, i8x16.splat(<i8>size)));
  for (; row < rows; row++) {
    const code = <u32>load<u8>(codes + <usize>row);
    const out = cells + (<usize>row << 1);
    store<u16>(out, <u16>(begins ? code : <u32>load<u16>(out) * size + code));
    if (code >= size) fits = false;
  }
  return fits;
}

/** tallyCount of cells of two bytes. */
@inline function countShort(cells: usize, rows: u32, counts: usize, stride: u32): void {
  const step = <usize>stride << 2;
  const second = counts + step;
  const third = second + step;
  const fourth = third + step;
  let at = cells;
  const end = cells + (<usize>(rows & ~3) << 1);
  for (; at < end; at += 8) {
    const four = load<u64>(at);
    const a = counts + <usize>((<u32>four & 0xffff) << 2);
    store<u32>(a, load<u32>(a) + 1);
    const b = second + <usize>((<u32>four >> 16) << 2);
    store<u32>(b, load<u32>(b) + 1);
    const upper = <u32>(four >> 32);
    const c = third + <usize>((upper & 0xffff) << 2);
    store<u32>(c, load<u32>(c) + 1);
    const d = fourth + <usize>((upper >> 16) << 2);
    store<u32>(d, load<u32>(d) + 1);
  }
  for (const all = cells + (<usize>rows << 1); at < all; at += 2) {
    const a = counts + <usize>(<u32>load<u16>(at) << 2);
    store<u32>(a, load<u32>(a) + 1);
  }
}

/** counts: f64[], each row counting times[row], an integer. */
export function tallyCountTimes(cells: usize, times: usize, rows: u32, counts: usize, status: usize): void {
  if (load<u32>(status) != 0) return;
  for (let row: u32 = 0; row < rows; row++) {
    const count = load<f64>(times + (<usize>row << 3));
    if (!(count >= 0 && count <= 9007199254740991.0 && floor<f64>(count) == count)) {
      store<u32>(status, STATUS_COUNT);
      return;
    }
    const at = counts + (<usize>load<u32>(cells + (<usize>row << 2)) << 3);
    store<f64>(at, load<f64>(at) + count);
  }
}

/** range: i32[2] = [lowest bit, highest bit] of all weights so far, as exponents of 2. */
export function tallyWeightRange(weights: usize, rows: u32, range: usize, status: usize): void {
  if (load<u32>(status) != 0) return;
  let low = load<i32>(range);
  let high = load<i32>(range, 4);
  for (let row: u32 = 0; row < rows; row++) {
    const bits = load<u64>(weights + (<usize>row << 3));
    if (bits << 1 == 0) continue;
    const exponent = <i32>(bits >> 52);
    if (exponent >= 0x7ff) {
      // Infinite, not a number, or with the sign bit set.
      store<u32>(status, STATUS_WEIGHT);
      return;
    }
    const fraction = bits & 0x000fffffffffffff;
    const mantissa = exponent == 0 ? fraction : fraction | 0x0010000000000000;
    const unit = max<i32>(exponent, 1) - 1075;
    low = min<i32>(low, unit + <i32>ctz<u64>(mantissa));
    high = max<i32>(high, unit + 63 - <i32>clz<u64>(mantissa));
  }
  store<i32>(range, low);
  store<i32>(range, high, 4);
}

/** Adds a 32-bit piece to a limb, of which a whole u64 is kept: 2^32 rows fit without carrying. */
@inline function add(limbs: usize, index: usize, piece: u64): void {
  const at = limbs + (index << 3);
  store<u64>(at, load<u64>(at) + piece);
}

/**
 * Per cell: sums: u64[cells * sumLimbs] in units of 2^low, squares: u64[cells * squareLimbs] in units of 2^(2 low),
 * limb i worth 2^(32 i); positive: f64[cells], rows of weight above 0. times: f64[rows], or 0 where each row counts once.
 */
export function tallyWeigh(
  cells: usize,
  weights: usize,
  times: usize,
  hasTimes: u32,
  rows: u32,
  low: i32,
  sums: usize,
  sumLimbs: u32,
  squares: usize,
  squareLimbs: u32,
  positive: usize,
  status: usize,
): void {
  if (load<u32>(status) != 0) return;
  for (let row: u32 = 0; row < rows; row++) {
    const bits = load<u64>(weights + (<usize>row << 3));
    if (bits << 1 == 0) continue;
    const count = hasTimes ? <u64>load<f64>(times + (<usize>row << 3)) : 1;
    if (count == 0) continue;
    const cell = <usize>load<u32>(cells + (<usize>row << 2));
    const at = positive + (cell << 3);
    store<f64>(at, load<f64>(at) + <f64>(<i64>count));

    const exponent = <i32>(bits >> 52);
    const fraction = bits & 0x000fffffffffffff;
    let m = exponent == 0 ? fraction : fraction | 0x0010000000000000;
    let shift = max<i32>(exponent, 1) - 1075 - low;
    if (shift < 0) {
      m >>= <u64>(-shift);
      shift = 0;
    }
    const m0 = m & 0xffffffff;
    const m1 = m >> 32;
    // m^2 as 128 bits.
    const cross = m0 * m1;
    const base = m0 * m0;
    const q0 = base + (cross << 33);
    const q1 = m1 * m1 + (cross >> 31) + <u64>(q0 < base);

    const sumIndex = <usize>(shift >> 5);
    const sumShift = <u64>(shift & 31);
    const sum = sums + ((cell * <usize>sumLimbs + sumIndex) << 3);
    const squareIndex = <usize>(shift >> 4);
    const squareShift = <u64>((shift << 1) & 31);
    const square = squares + ((cell * <usize>squareLimbs + squareIndex) << 3);
    if (count == 1) {
      spread2(sum, m0, m1, sumShift);
      spread4(square, q0, q1, squareShift);
    } else {
      multiply(sum, m0, m1, 0, 0, count, sumShift);
      multiply(square, q0 & 0xffffffff, q0 >> 32, q1 & 0xffffffff, q1 >> 32, count, squareShift);
    }
  }
}

/** (high * 2^32 + low) << shift, in three pieces. */
@inline function spread2(limbs: usize, low: u64, high: u64, shift: u64): void {
  const a = low << shift;
  const b = (high << shift) + (a >> 32);
  add(limbs, 0, a & 0xffffffff);
  add(limbs, 1, b & 0xffffffff);
  add(limbs, 2, b >> 32);
}

/** (q1 * 2^64 + q0) << shift, in five pieces. */
@inline function spread4(limbs: usize, q0: u64, q1: u64, shift: u64): void {
  const a = (q0 & 0xffffffff) << shift;
  const b = ((q0 >> 32) << shift) + (a >> 32);
  const c = ((q1 & 0xffffffff) << shift) + (b >> 32);
  const d = ((q1 >> 32) << shift) + (c >> 32);
  add(limbs, 0, a & 0xffffffff);
  add(limbs, 1, b & 0xffffffff);
  add(limbs, 2, c & 0xffffffff);
  add(limbs, 3, d & 0xffffffff);
  add(limbs, 4, d >> 32);
}

/** (four 32-bit words) * count << shift, in up to seven pieces; those that are 0 are not touched. */
function multiply(limbs: usize, w0: u64, w1: u64, w2: u64, w3: u64, count: u64, shift: u64): void {
  const c0 = count & 0xffffffff;
  const c1 = count >> 32;
  // words * c0 + (words * c1) << 32, word by word; c1 < 2^21, so no sum below passes 2^64.
  let carry = w0 * c0;
  let held = piece(limbs, 0, carry & 0xffffffff, shift, 0);
  carry = (carry >> 32) + w1 * c0;
  let upper = w0 * c1;
  let sum = (carry & 0xffffffff) + (upper & 0xffffffff);
  held = piece(limbs, 1, sum & 0xffffffff, shift, held);
  carry = (carry >> 32) + (upper >> 32) + (sum >> 32) + w2 * c0;
  upper = w1 * c1;
  sum = (carry & 0xffffffff) + (upper & 0xffffffff);
  held = piece(limbs, 2, sum & 0xffffffff, shift, held);
  carry = (carry >> 32) + (upper >> 32) + (sum >> 32) + w3 * c0;
  upper = w2 * c1;
  sum = (carry & 0xffffffff) + (upper & 0xffffffff);
  held = piece(limbs, 3, sum & 0xffffffff, shift, held);
  carry = (carry >> 32) + (upper >> 32) + (sum >> 32) + w3 * c1;
  held = piece(limbs, 4, carry & 0xffffffff, shift, held);
  held = piece(limbs, 5, carry >> 32, shift, held);
  piece(limbs, 6, 0, shift, held);
}

/** Adds word << shift and what the word below left over; returns what is left over for the next. */
@inline function piece(limbs: usize, index: usize, word: u64, shift: u64, held: u64): u64 {
  const moved = (word << shift) + held;
  const low = moved & 0xffffffff;
  if (low != 0) add(limbs, index, low);
  return moved >> 32;
}

// What the entries for rows share: the code of a row in a block (see program.ts for the words, ranks.ts for the ranks).

/** Words of a block record. */
export const BLOCK: usize = 48;

@inline export function word(record: usize, index: u32): u32 {
  return load<u32>(record + ((<usize>index) << 2));
}

/**
 * Codes of 64 × n rows from `row` on: u16[rows] at out. `ranks` holds the ranked columns one after the other, each with
 * `stride` rows (a multiple of 64).
 */
export function blockCodes(words: usize, block: usize, ranks: usize, stride: u32, row: u32, rows: u32, out: usize): void {
  const tests = words + ((<usize>word(block, 0)) << 2);
  const end = tests + ((<usize>word(block, 1)) << 4);
  const wide = word(block, 2) > 8;
  const zero = i8x16.splat(0);
  const ones = i8x16.splat(-1);
  for (let from = row; from < row + rows; from += 64) {
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    let s0 = ones, s1 = ones, s2 = ones, s3 = ones;
    let bit: u32 = 1;
    let low = true;
    for (let test = tests; test < end; test += 16) {
      const kind = load<u32>(test, 12);
      const width = kind & 7;
      const at = ranks + <usize>load<u32>(test) * stride + <usize>from * width;
      if (width == 1) {
        const start = i8x16.splat(load<u8>(test, 4));
        const length = i8x16.splat(load<u8>(test, 8));
        s0 = v128.and(s0, i8x16.lt_u(i8x16.sub(v128.load(at), start), length));
        s1 = v128.and(s1, i8x16.lt_u(i8x16.sub(v128.load(at, 16), start), length));
        s2 = v128.and(s2, i8x16.lt_u(i8x16.sub(v128.load(at, 32), start), length));
        s3 = v128.and(s3, i8x16.lt_u(i8x16.sub(v128.load(at, 48), start), length));
      } else if (width == 2) {
        const start = i16x8.splat(load<u16>(test, 4));
        const length = i16x8.splat(load<u16>(test, 8));
        s0 = v128.and(s0, pass2(at, start, length));
        s1 = v128.and(s1, pass2(at + 32, start, length));
        s2 = v128.and(s2, pass2(at + 64, start, length));
        s3 = v128.and(s3, pass2(at + 96, start, length));
      } else if (width == 4) {
        const start = i32x4.splat(load<u32>(test, 4));
        const length = i32x4.splat(load<u32>(test, 8));
        s0 = v128.and(s0, pass4(at, start, length));
        s1 = v128.and(s1, pass4(at + 64, start, length));
        s2 = v128.and(s2, pass4(at + 128, start, length));
        s3 = v128.and(s3, pass4(at + 192, start, length));
      }
      if ((kind & 8) != 0) {
        const bits = i8x16.splat(<i8>bit);
        a0 = v128.or(a0, v128.and(s0, bits));
        a1 = v128.or(a1, v128.and(s1, bits));
        a2 = v128.or(a2, v128.and(s2, bits));
        a3 = v128.or(a3, v128.and(s3, bits));
        s0 = ones;
        s1 = ones;
        s2 = ones;
        s3 = ones;
        bit <<= 1;
        if (wide && low && bit == 256) {
          low = false;
          // The low bytes wait in the upper half of their place until the high bytes are known.
          v128.store(out, a0, 64);
          v128.store(out, a1, 80);
          v128.store(out, a2, 96);
          v128.store(out, a3, 112);
          a0 = zero;
          a1 = zero;
          a2 = zero;
          a3 = zero;
          bit = 1;
        }
      }
    }
    if (wide) {
      const l0 = v128.load(out, 64), l1 = v128.load(out, 80), l2 = v128.load(out, 96), l3 = v128.load(out, 112);
      pairs(out, l0, a0);
      pairs(out + 32, l1, a1);
      pairs(out + 64, l2, a2);
      pairs(out + 96, l3, a3);
    } else {
      pairs(out, a0, zero);
      pairs(out + 32, a1, zero);
      pairs(out + 64, a2, zero);
      pairs(out + 96, a3, zero);
    }
    out += 128;
  }
}

@inline function pass2(at: usize, start: v128, length: v128): v128 {
  return i8x16.narrow_i16x8_s(
    i16x8.lt_u(i16x8.sub(v128.load(at), start), length),
    i16x8.lt_u(i16x8.sub(v128.load(at, 16), start), length),
  );
}

@inline function pass4(at: usize, start: v128, length: v128): v128 {
  return i8x16.narrow_i16x8_s(
    i16x8.narrow_i32x4_s(
      i32x4.lt_u(i32x4.sub(v128.load(at), start), length),
      i32x4.lt_u(i32x4.sub(v128.load(at, 16), start), length),
    ),
    i16x8.narrow_i32x4_s(
      i32x4.lt_u(i32x4.sub(v128.load(at, 32), start), length),
      i32x4.lt_u(i32x4.sub(v128.load(at, 48), start), length),
    ),
  );
}

/** Stores u16[16] with the given low and high bytes. */
@inline function pairs(out: usize, low: v128, high: v128): void {
  v128.store(out, i8x16.shuffle(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
  v128.store(out, i8x16.shuffle(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), 16);
}

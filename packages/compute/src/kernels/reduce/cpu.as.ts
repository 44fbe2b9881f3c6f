// Entries of the reduce kernel. A finite double is m * 2^(e - 1075) with a whole m below 2^53 and e from 1 to 2046. Rows of
// one cell and e share a bin, in which the m, and their squares in parts, are added as integers: nothing is ever rounded.
//
// A bin, 16 words of 64 bits:
//   0 rows   1 sum of +-m   2 sum of a^2   3 sum of a b   4 sum of b^2, where |m| = a * 2^27 + b; emptied every 1024 rows
//   8, 9 ... 14, 15  what was emptied from 1 to 4: the lower 32 bits of each, and the rest
const BIN: usize = 128;

/**
 * Adds rows to the bins u64[parts][cells][width][16] and to extremes f64[parts][cells][4] = lowest, highest, missing rows,
 * unused. Item i is the rows from i * partRows on, and part i of the bins. Bins stand for e = low, low + 1, ...
 * codes of codeBytes bytes, or 0 bytes where all rows are cell 0. status: u32[parts], 1 + 2 * row for the first infinite
 * value, 2 + 2 * row for the first code that is no cell, at which the part stops.
 */
export function reduceRows(
  values: usize,
  valueBytes: u32,
  codes: usize,
  codeBytes: u32,
  cells: u32,
  low: u32,
  width: u32,
  partRows: u32,
  rows: u32,
  bins: usize,
  extremes: usize,
  status: usize,
  begin: u32,
  end: u32,
): void {
  for (let part = begin; part < end; part++) {
    const first = part * partRows;
    const last = min<u32>(rows, first + partRows);
    const own = bins + <usize>part * <usize>cells * <usize>width * BIN;
    const ends = extremes + <usize>part * (<usize>cells << 5);
    for (let row = first; row < last; row++) {
      const x: f64 =
        valueBytes == 8
          ? load<f64>(values + (<usize>row << 3))
          : <f64>load<f32>(values + (<usize>row << 2));
      let cell: u32 = 0;
      if (codeBytes == 1) cell = <u32>load<u8>(codes + <usize>row);
      else if (codeBytes == 2) cell = <u32>load<u16>(codes + (<usize>row << 1));
      else if (codeBytes == 4) cell = load<u32>(codes + (<usize>row << 2));
      if (cell >= cells) {
        store<u32>(status + (<usize>part << 2), 2 * row + 2);
        return;
      }
      const range = ends + (<usize>cell << 5);
      const bits = reinterpret<u64>(x);
      const exponent = <u32>(bits >> 52) & 0x7ff;
      if (exponent == 0x7ff) {
        if (x == x) {
          store<u32>(status + (<usize>part << 2), 2 * row + 1);
          return;
        }
        store<f64>(range, load<f64>(range, 16) + 1, 16);
        continue;
      }
      if (x < load<f64>(range)) store<f64>(range, x);
      if (x > load<f64>(range, 8)) store<f64>(range, x, 8);
      const normal = <u64>(exponent != 0);
      const m = (bits & 0x000fffffffffffff) | (normal << 52);
      const e = exponent + <u32>(1 - normal);
      const bin = own + (<usize>cell * <usize>width + <usize>(e - low)) * BIN;
      const sign = <i64>bits >> 63;
      const a = m >> 27;
      const b = m & 0x7ffffff;
      const n = load<u64>(bin) + 1;
      store<u64>(bin, n);
      store<i64>(bin, load<i64>(bin, 8) + ((<i64>m ^ sign) - sign), 8);
      store<u64>(bin, load<u64>(bin, 16) + a * a, 16);
      store<u64>(bin, load<u64>(bin, 24) + a * b, 24);
      store<u64>(bin, load<u64>(bin, 32) + b * b, 32);
      if ((n & 1023) == 0) empty(bin);
    }
  }
}

/** Sums of 1024 rows are below 2^64, that of the signed m below 2^63: then they are put aside. */
function empty(bin: usize): void {
  const sum = load<i64>(bin, 8);
  store<i64>(bin, load<i64>(bin, 64) + (sum & 0xffffffff), 64);
  store<i64>(bin, load<i64>(bin, 72) + (sum >> 32), 72);
  store<i64>(bin, 0, 8);
  for (let word: usize = 0; word < 3; word++) {
    const from = bin + (word << 3);
    const to = bin + (word << 4);
    const square = load<u64>(from, 16);
    store<u64>(to, load<u64>(to, 80) + (square & 0xffffffff), 80);
    store<u64>(to, load<u64>(to, 88) + (square >> 32), 88);
    store<u64>(from, 0, 16);
  }
}

/** Empties the bins begin to end of all parts and adds them to those of part 0. */
export function reduceMerge(bins: usize, parts: u32, binsEach: u32, begin: u32, end: u32): void {
  for (let index = begin; index < end; index++) {
    const into = bins + <usize>index * BIN;
    empty(into);
    for (let part: u32 = 1; part < parts; part++) {
      const bin = bins + (<usize>part * <usize>binsEach + <usize>index) * BIN;
      if (load<u64>(bin) == 0) continue;
      empty(bin);
      store<u64>(into, load<u64>(into) + load<u64>(bin));
      for (let word: usize = 64; word < BIN; word += 8) {
        store<u64>(into + word, load<u64>(into + word) + load<u64>(bin + word));
      }
    }
  }
}

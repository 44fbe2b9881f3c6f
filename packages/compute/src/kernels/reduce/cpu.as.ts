// Entries of the reduce kernel. A double's upper 12 bits, its sign and exponent e, are its `top`; a normal one is +-m *
// 2^(e - 1075) with 2^52 <= m < 2^53. Rows of one cell and top share a bin, in which m and the parts of m^2 are added as
// integers: nothing is ever rounded. With m = a * 2^27 + b, m^2 = a^2 * 2^54 + a b * 2^28 + b^2.
//
// hot:  u64[bins][4] = sums of m, a^2, a b and b^2; emptied before they can reach 2^64
// cold: u64[bins][8] = of each of them, what was emptied: the lower 32 bits, and the rest
//
// Subnormal numbers, m * 2^-1074 with m below 2^52, have the bins of top 0x7ff and 0xfff, which are else those of what is
// not finite. 0 adds nothing.
const SUBNORMAL: u32 = 0x7ff;

/** Some 500 rows of m >= 2^52: a^2, a b and b^2 are below 2^54. */
const FULL: u64 = 61;

@inline
function add(m: u64, hot: usize, cold: usize, bin: usize): void {
  const at = hot + (bin << 5);
  const a = m >> 27;
  const b = m & 0x7ffffff;
  const sum = load<u64>(at) + m;
  store<u64>(at, sum);
  store<u64>(at, load<u64>(at, 8) + a * a, 8);
  store<u64>(at, load<u64>(at, 16) + a * b, 16);
  store<u64>(at, load<u64>(at, 24) + b * b, 24);
  if (sum >> FULL != 0) empty(hot, cold, bin);
}

function empty(hot: usize, cold: usize, bin: usize): void {
  let from = hot + (bin << 5);
  let to = cold + (bin << 6);
  for (let word = 0; word < 4; word++) {
    const sum = load<u64>(from);
    store<u64>(from, 0);
    store<u64>(to, load<u64>(to) + (sum & 0xffffffff));
    store<u64>(to, load<u64>(to, 8) + (sum >> 32), 8);
    from += 8;
    to += 16;
  }
}

@inline function mantissa(bits: u64): u64 {
  return (bits & 0x000fffffffffffff) | 0x0010000000000000;
}

/** True of 0, subnormal numbers, infinities and NaN. */
@inline function isSpecial(top: u32): bool {
  return ((top + 1) & 0x7ff) < 2;
}

/** A subnormal number. */
function addSubnormal(bits: u64, hot: usize, cold: usize, bin: usize): void {
  add(bits & 0x000fffffffffffff, hot, cold, bin);
  // Small m do not tell how large the sums of squares have grown.
  empty(hot, cold, bin);
}

/** seen: u8[parts][4096], set to 1 for the tops of the rows' bins. Parts as in reduceAll. */
export function reduceTops(
  values: usize,
  valueBytes: u32,
  partRows: u32,
  rows: u32,
  seen: usize,
  begin: u32,
  end: u32,
): void {
  for (let part = begin; part < end; part++) {
    const own = seen + (<usize>part << 12);
    const last = min<u32>(rows, (part + 1) * partRows);
    for (let row = part * partRows; row < last; row++) {
      const x: f64 =
        valueBytes == 8 ? load<f64>(values + (<usize>row << 3)) : <f64>load<f32>(values + (<usize>row << 2));
      store<u8>(own + <usize>(reinterpret<u64>(x) >> 52), 1);
    }
    // Where a row is 0 or subnormal.
    if (load<u8>(own)) store<u8>(own, 1, SUBNORMAL);
    if (load<u8>(own, 0x800)) store<u8>(own, 1, 0x800 | SUBNORMAL);
  }
}

/**
 * Adds rows to hot, cold (of 4096 bins, a top's number is its bin's) and range: f64[4] = lowest, highest, missing rows,
 * rows; of each there is one for a part. Item i is the rows from i * partRows on, and part i. status: u32[parts], 1 + 2 * row
 * for the first infinite value, at which the part stops.
 */
export function reduceAll(
  values: usize,
  valueBytes: u32,
  partRows: u32,
  rows: u32,
  hotOf: usize,
  coldOf: usize,
  ranges: usize,
  status: usize,
  begin: u32,
  end: u32,
): void {
  for (let part = begin; part < end; part++) {
    const hot = hotOf + <usize>part * (4096 << 5);
    const cold = coldOf + <usize>part * (4096 << 6);
    const range = ranges + (<usize>part << 5);
    const first = part * partRows;
    const last = min<u32>(rows, first + partRows);
    let low = load<f64>(range);
    let high = load<f64>(range, 8);
    let missing: u32 = 0;
    for (let row = first; row < last; row++) {
      const x: f64 =
        valueBytes == 8 ? load<f64>(values + (<usize>row << 3)) : <f64>load<f32>(values + (<usize>row << 2));
      const bits = reinterpret<u64>(x);
      const top = <u32>(bits >> 52);
      if (x < low) low = x;
      if (x > high) high = x;
      if (isSpecial(top)) {
        if (bits << 1 == 0) continue;
        if ((top & 0x7ff) == 0) addSubnormal(bits, hot, cold, top | SUBNORMAL);
        else if (x != x) missing++;
        else {
          store<u32>(status + (<usize>part << 2), 2 * row + 1);
          return;
        }
        continue;
      }
      add(mantissa(bits), hot, cold, top);
    }
    store<f64>(range, low);
    store<f64>(range, high, 8);
    store<f64>(range, load<f64>(range, 16) + <f64>missing, 16);
    store<f64>(range, load<f64>(range, 24) + <f64>(last - first), 24);
  }
}

/**
 * As reduceAll, for `cells` cells: ranges f64[parts][cells][4]; `width` bins for each cell, of which that of a top is
 * places: u16[4096]. codes of codeBytes bytes; status 2 + 2 * row for the first code that is no cell.
 */
export function reduceGroups(
  values: usize,
  valueBytes: u32,
  codes: usize,
  codeBytes: u32,
  cells: u32,
  places: usize,
  width: u32,
  partRows: u32,
  rows: u32,
  hotOf: usize,
  coldOf: usize,
  ranges: usize,
  status: usize,
  begin: u32,
  end: u32,
): void {
  for (let part = begin; part < end; part++) {
    const bins = <usize>part * <usize>cells * <usize>width;
    const hot = hotOf + (bins << 5);
    const cold = coldOf + (bins << 6);
    const own = ranges + <usize>part * (<usize>cells << 5);
    const first = part * partRows;
    const last = min<u32>(rows, first + partRows);
    for (let row = first; row < last; row++) {
      const cell: u32 =
        codeBytes == 1
          ? <u32>load<u8>(codes + <usize>row)
          : codeBytes == 2
            ? <u32>load<u16>(codes + (<usize>row << 1))
            : load<u32>(codes + (<usize>row << 2));
      if (cell >= cells) {
        store<u32>(status + (<usize>part << 2), 2 * row + 2);
        return;
      }
      const x: f64 =
        valueBytes == 8 ? load<f64>(values + (<usize>row << 3)) : <f64>load<f32>(values + (<usize>row << 2));
      const bits = reinterpret<u64>(x);
      const top = <u32>(bits >> 52);
      const range = own + (<usize>cell << 5);
      store<f64>(range, load<f64>(range, 24) + 1, 24);
      if (x < load<f64>(range)) store<f64>(range, x);
      if (x > load<f64>(range, 8)) store<f64>(range, x, 8);
      const base = <usize>cell * <usize>width;
      if (isSpecial(top)) {
        if (bits << 1 == 0) continue;
        if ((top & 0x7ff) == 0) {
          addSubnormal(bits, hot, cold, base + <usize>load<u16>(places + (<usize>(top | SUBNORMAL) << 1)));
        } else if (x != x) store<f64>(range, load<f64>(range, 16) + 1, 16);
        else {
          store<u32>(status + (<usize>part << 2), 2 * row + 1);
          return;
        }
        continue;
      }
      add(mantissa(bits), hot, cold, base + <usize>load<u16>(places + (<usize>top << 1)));
    }
  }
}

/** Empties the bins begin to end of all parts and adds them to cold of part 0. */
export function reduceMerge(hot: usize, cold: usize, parts: u32, binsEach: u32, begin: u32, end: u32): void {
  for (let bin = <usize>begin; bin < <usize>end; bin++) {
    const into = cold + (bin << 6);
    if (load<u64>(hot + (bin << 5)) != 0) empty(hot, cold, bin);
    for (let part: u32 = 1; part < parts; part++) {
      const other = <usize>part * <usize>binsEach + bin;
      if (load<u64>(hot + (other << 5)) != 0) empty(hot, cold, other);
      const from = cold + (other << 6);
      if ((load<u64>(from) | load<u64>(from, 8)) == 0) continue;
      for (let word: usize = 0; word < 64; word += 8) {
        store<u64>(into + word, load<u64>(into + word) + load<u64>(from + word));
      }
    }
  }
}

import { BLOCK, blockCodes, word } from "./codes.as";

/**
 * Adds what the blocks give to rows, for the tiles begin … end − 1 of `tileRows` rows each (a multiple of 64): sums is
 * f64[tile][targets][tileRows], codes u16[tile][tileRows]. table: for each block f64[slots][codes].
 */
export function treeShapAdd(
  words: usize,
  blocks: u32,
  ranks: usize,
  stride: u32,
  rows: u32,
  table: usize,
  tileRows: u32,
  targets: u32,
  sums: usize,
  scratch: usize,
  begin: u32,
  end: u32,
): void {
  for (let tile = begin; tile < end; tile++) {
    const first = tile * tileRows;
    const here = (min(tileRows, rows - first) + 63) & ~63;
    const codes = scratch + ((<usize>tile * tileRows) << 1);
    const into = sums + (((<usize>tile * targets) * tileRows) << 3);
    for (let index: u32 = 0; index < blocks; index++) {
      const block = words + <usize>index * BLOCK;
      const slots = word(block, 6);
      if (slots == 0) continue;
      blockCodes(words, block, ranks, stride, first, here, codes);
      const list = words + ((<usize>word(block, 5)) << 2);
      const size = (<usize>8) << word(block, 2);
      let values = table + ((<usize>word(block, 7)) << 3);
      for (let slot: u32 = 0; slot < slots; slot++) {
        addColumn(codes, here, values, into + (((<usize>word(list, slot)) * tileRows) << 3));
        values += size;
      }
    }
  }
}

/** sums[r] += values[codes[r]] */
function addColumn(codes: usize, rows: u32, values: usize, sums: usize): void {
  for (const end = codes + ((<usize>rows) << 1); codes < end; codes += 8) {
    const four = load<u64>(codes);
    const a = v128.load_lane<u64>(values + ((<usize>(four >> 16) & 0xffff) << 3), v128.load64_zero(values + ((<usize>four & 0xffff) << 3)), 1);
    const b = v128.load_lane<u64>(values + ((<usize>(four >> 48)) << 3), v128.load64_zero(values + ((<usize>(four >> 32) & 0xffff) << 3)), 1);
    v128.store(sums, f64x2.add(v128.load(sums), a));
    v128.store(sums, f64x2.add(v128.load(sums, 16), b), 16);
    sums += 32;
  }
}

/**
 * The same where every row mixes channels: table is f64[codes][slots][channels] for each block, factors
 * f64[rows][sets × channels] (channels even); a slot takes the set of its output, or the only one.
 */
export function treeShapAddMixed(
  words: usize,
  blocks: u32,
  ranks: usize,
  stride: u32,
  rows: u32,
  table: usize,
  factors: usize,
  sets: u32,
  channels: u32,
  tileRows: u32,
  targets: u32,
  sums: usize,
  scratch: usize,
  begin: u32,
  end: u32,
): void {
  const rowBytes = (<usize>sets * channels) << 3;
  const slotBytes = (<usize>channels) << 3;
  for (let tile = begin; tile < end; tile++) {
    const first = tile * tileRows;
    const here = min(tileRows, rows - first);
    const codes = scratch + ((<usize>tile * tileRows) << 1);
    const into = sums + (((<usize>tile * targets) * tileRows) << 3);
    for (let index: u32 = 0; index < blocks; index++) {
      const block = words + <usize>index * BLOCK;
      const slots = word(block, 6);
      if (slots == 0) continue;
      blockCodes(words, block, ranks, stride, first, (here + 63) & ~63, codes);
      const list = words + ((<usize>word(block, 5)) << 2);
      const values = table + ((<usize>word(block, 7) * channels) << 3);
      for (let row: u32 = 0; row < here; row++) {
        let at = values + <usize>load<u16>(codes + ((<usize>row) << 1)) * slots * slotBytes;
        const own = factors + <usize>(first + row) * rowBytes;
        for (let slot: u32 = 0; slot < slots; slot++) {
          const target = word(list, slot);
          let factor = own + <usize>(target % sets) * slotBytes;
          let sum = f64x2.splat(0);
          for (const end = at + slotBytes; at < end; at += 16) {
            sum = f64x2.add(sum, f64x2.mul(v128.load(at), v128.load(factor)));
            factor += 16;
          }
          const to = into + ((<usize>target * tileRows + row) << 3);
          store<f64>(to, load<f64>(to) + (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
        }
      }
    }
  }
}

/** Turns tiles f64[tile][targets][tileRows] into rows f64[rows][targets], for the tiles begin … end − 1. */
export function treeShapRows(sums: usize, rows: u32, tileRows: u32, targets: u32, out: usize, begin: u32, end: u32): void {
  for (let tile = begin; tile < end; tile++) {
    const here = min(tileRows, rows - tile * tileRows);
    const from = sums + (((<usize>tile * targets) * tileRows) << 3);
    const to = out + (((<usize>tile * tileRows) * targets) << 3);
    for (let row: u32 = 0; row < here; row++) {
      for (let target: u32 = 0; target < targets; target++) {
        store<f64>(to + ((<usize>row * targets + target) << 3), load<f64>(from + ((<usize>target * tileRows + row) << 3)));
      }
    }
  }
}

import { BLOCK, blockCodes, word } from "./codes.as";

/** Rows whose codes are held at once. */
const TILE: u32 = 1024;

/**
 * Adds the background rows `first` (a multiple of 64) … `first + rows` − 1 to the counts of their codes: u32[4][entries]
 * at counts; row r is counted in copy r mod 4, so
 * that runs of one code do not wait for each other. Lane l of `lanes` does the blocks l, l + lanes, …; scratch is
 * u16[1024] for each lane.
 */
export function treeShapCount(
  words: usize,
  blocks: u32,
  ranks: usize,
  stride: u32,
  first: u32,
  rows: u32,
  counts: usize,
  entries: u32,
  scratch: usize,
  lanes: u32,
  begin: u32,
  end: u32,
): void {
  const copy = (<usize>entries) << 2;
  for (let lane = begin; lane < end; lane++) {
    const codes = scratch + <usize>lane * TILE * 2;
    for (let index = lane; index < blocks; index += lanes) {
      const block = words + <usize>index * BLOCK;
      const c0 = counts + ((<usize>word(block, 8)) << 2);
      const c1 = c0 + copy, c2 = c1 + copy, c3 = c2 + copy;
      for (let row: u32 = 0; row < rows; row += TILE) {
        const here = min(TILE, rows - row);
        blockCodes(words, block, ranks, stride, first + row, (here + 63) & ~63, codes);
        const fours = codes + (<usize>(here & ~3) << 1);
        let at = codes;
        for (; at < fours; at += 8) {
          const four = load<u64>(at);
          count(c0, <u32>four & 0xffff);
          count(c1, <u32>(four >> 16) & 0xffff);
          count(c2, <u32>(four >> 32) & 0xffff);
          count(c3, <u32>(four >> 48));
        }
        for (const last = codes + (<usize>here << 1); at < last; at += 2) count(c0, load<u16>(at));
      }
    }
  }
}

@inline function count(counts: usize, code: u32): void {
  const at = counts + ((<usize>code) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** shares[e] = scale × the four copies of count e, for the entries begin … end − 1. */
export function treeShapShare(counts: usize, entries: u32, scale: f64, shares: usize, begin: u32, end: u32): void {
  const copy = (<usize>entries) << 2;
  for (let entry = begin; entry < end; entry++) {
    const at = counts + ((<usize>entry) << 2);
    const sum = <f64>load<u32>(at) + <f64>load<u32>(at + copy) + <f64>load<u32>(at + 2 * copy) + <f64>load<u32>(at + 3 * copy);
    store<f64>(shares + ((<usize>entry) << 3), sum * scale);
  }
}

/**
 * Adds weights of background rows to the shares of their codes: f64[entry][channels] at shares. weights:
 * f64[rows][sets × channels], channels 1 or even; with sets > 1 a block takes the sets of its outputs, each in an entry of its own.
 */
export function treeShapWeigh(
  words: usize,
  blocks: u32,
  ranks: usize,
  stride: u32,
  first: u32,
  rows: u32,
  weights: usize,
  sets: u32,
  channels: u32,
  shares: usize,
  scratch: usize,
  lanes: u32,
  begin: u32,
  end: u32,
): void {
  const rowBytes = (<usize>sets * channels) << 3;
  for (let lane = begin; lane < end; lane++) {
    const codes = scratch + <usize>lane * TILE * 2;
    for (let index = lane; index < blocks; index += lanes) {
      const block = words + <usize>index * BLOCK;
      const own = shares + ((<usize>word(block, 8) * channels) << 3);
      const outputs = sets > 1 ? word(block, 10) : 1;
      const list = words + ((<usize>word(block, 11)) << 2);
      for (let row: u32 = 0; row < rows; row += TILE) {
        const here = min(TILE, rows - row);
        blockCodes(words, block, ranks, stride, first + row, (here + 63) & ~63, codes);
        for (let k: u32 = 0; k < here; k++) {
          const code = <usize>load<u16>(codes + ((<usize>k) << 1));
          const from = weights + <usize>(row + k) * rowBytes;
          for (let output: u32 = 0; output < outputs; output++) {
            const set = sets > 1 ? word(list, output) : 0;
            let source = from + ((<usize>set * channels) << 3);
            let into = own + (((code * outputs + output) * channels) << 3);
            if (channels == 1) {
              store<f64>(into, load<f64>(into) + load<f64>(source));
              continue;
            }
            for (const last = into + ((<usize>channels) << 3); into < last; into += 16, source += 16) {
              v128.store(into, f64x2.add(v128.load(into), v128.load(source)));
            }
          }
        }
      }
    }
  }
}

import { BLOCK, word } from "./codes.as";
import {
  fillInterventional,
  fillPathDependent,
  interventional,
  interventionalPair,
  NODES,
  pathDependent,
  pathDependentPair,
  useScratch,
} from "./leaf.as";

/** A cover share of 0 as a number whose inverse is finite: below all that a float64 sum can tell from 0. */
const NO_COVER: f64 = 1e-30;

/**
 * The tables of blocks (see add.as.ts for how they lie). nodes: Gauss-Legendre nodes for each number of players.
 * shares: f64[entry][channels], what part of the background has each code; 0: path-dependent. With `sets` > 0 every
 * output has its own shares and the table all channels (see treeShapAddMixed), else there is one channel.
 * base: f64[blocks][outputs], the blocks' part of the mean prediction, for one channel.
 * Lane l of `lanes` does the blocks l, l + lanes, …, with scratch of `scratchBytes`: 3088 + 98 × 2^bits.
 */
export function treeShapBuild(
  words: usize,
  blocks: u32,
  numbers: usize,
  nodes: usize,
  shares: usize,
  sets: u32,
  channels: u32,
  pairs: u32,
  table: usize,
  outputs: u32,
  base: usize,
  scratch: usize,
  scratchBytes: u32,
  lanes: u32,
  begin: u32,
  end: u32,
): void {
  for (let lane = begin; lane < end; lane++) {
    for (let index = lane; index < blocks; index += lanes) {
      build(
        words, words + <usize>index * BLOCK, numbers, nodes, shares, sets, channels, pairs != 0,
        table, base + ((<usize>index * outputs) << 3), scratch + <usize>lane * scratchBytes,
      );
    }
  }
}

function build(
  words: usize,
  block: usize,
  numbers: usize,
  nodes: usize,
  shares: usize,
  sets: u32,
  channels: u32,
  second: bool,
  table: usize,
  base: usize,
  scratch: usize,
): void {
  const codes: u32 = 1 << word(block, 2);
  const slots = word(block, 6);
  const outputs = word(block, 10);
  const list = words + ((<usize>word(block, 11)) << 2);
  const into = table + ((<usize>word(block, 7) * channels) << 3);
  memory.fill(into, 0, ((<usize>codes * slots) * channels) << 3);
  const powers = scratch;
  const covers = scratch + 1024;
  const patterns = scratch + 3072;
  const own = patterns + ((<usize>max(codes, 8)) << 1);
  const values = own + ((<usize>codes) << 3);
  useScratch(values + ((<usize>codes) << 3), codes);
  const leaves = word(block, 4);
  for (let number: u32 = 0; number < leaves; number++) {
    const leaf = words + ((<usize>word(block, 3) + number * 4) << 2);
    const players = word(leaf, 1);
    const list0 = words + ((<usize>word(leaf, 0)) << 2);
    const first = words + ((<usize>word(leaf, 2)) << 2);
    const count = word(leaf, 3);
    readPatterns(list0, players, codes, patterns);
    const leafNodes = nodes + <usize>players * NODES;
    if (sets == 0) {
      let reached: f64;
      if (shares == 0) {
        reached = readCovers(list0, players, numbers, covers);
        fillPathDependent(covers, players, leafNodes, second);
      } else {
        readShares(shares, word(block, 8), 1, 0, 1, patterns, codes, players, own);
        reached = load<f64>(own + ((<usize>1) << players << 3) - 8);
        fillInterventional(own, players, leafNodes, powers, second);
      }
      for (let k: u32 = 0; k < count; k++) {
        const output = word(first, 2 * k);
        const value = load<f64>(numbers + ((<usize>word(first, 2 * k + 1)) << 3));
        const at = base + ((<usize>word(list, output)) << 3);
        store<f64>(at, load<f64>(at) + value * reached);
      }
      spread(list0, players, second, word(block, 9), shares != 0, covers + 512, patterns, codes, values, first, count, numbers, into, outputs);
    } else {
      for (let k: u32 = 0; k < count; k++) {
        const output = word(first, 2 * k);
        const value = load<f64>(numbers + ((<usize>word(first, 2 * k + 1)) << 3));
        for (let channel: u32 = 0; channel < channels; channel++) {
          readShares(shares, word(block, 8), outputs, output, channels, patterns, codes, players, own, channel);
          fillInterventional(own, players, leafNodes, powers, false);
          for (let i: u32 = 0; i < players; i++) {
            const slot = word(list0, 3 * i + 1) * outputs + output;
            let to = into + ((<usize>slot * channels + channel) << 3);
            const step = (<usize>slots * channels) << 3;
            for (let code: u32 = 0; code < codes; code++) {
              store<f64>(to, load<f64>(to) + value * interventional(load<u16>(patterns + ((<usize>code) << 1)), i));
              to += step;
            }
          }
        }
      }
    }
  }
}

/** u16[codes, at least 8]: which of a leaf's players a code says have their conditions met. */
function readPatterns(list: usize, players: u32, codes: u32, patterns: usize): void {
  let eight = i16x8(0, 1, 2, 3, 4, 5, 6, 7);
  const step = i16x8.splat(8);
  for (let code: u32 = 0; code < codes; code += 8) {
    let pattern = i16x8.splat(0);
    for (let i: u32 = 0; i < players; i++) {
      const bits = word(list, 3 * i);
      const met = i16x8.eq(v128.and(eight, i16x8.splat(<i16>bits)), i16x8.splat(<i16>(bits >> 16)));
      pattern = v128.or(pattern, v128.and(met, i16x8.splat(<i16>((<u32>1) << i))));
    }
    v128.store(patterns, pattern);
    patterns += 16;
    eight = i16x8.add(eight, step);
  }
}

/** f64[players] of cover shares, and 512 bytes on their odds (1−r)/r; returns the product of the shares. */
function readCovers(list: usize, players: u32, numbers: usize, covers: usize): f64 {
  let product: f64 = 1;
  for (let i: u32 = 0; i < players; i++) {
    const share = load<f64>(numbers + ((<usize>word(list, 3 * i + 2)) << 3));
    product *= share;
    const some = max(share, NO_COVER);
    store<f64>(covers + ((<usize>i) << 3), some);
    store<f64>(covers + ((<usize>i) << 3), (1 - share) / some, 512);
  }
  return product;
}

/** f64[2^players]: the shares of the codes, added up by the leaf's patterns. */
function readShares(
  shares: usize,
  place: u32,
  outputs: u32,
  output: u32,
  channels: u32,
  patterns: usize,
  codes: u32,
  players: u32,
  own: usize,
  channel: u32 = 0,
): void {
  memory.fill(own, 0, ((<usize>1) << players) << 3);
  let from = shares + (((<usize>place + output) * channels + channel) << 3);
  const step = (<usize>outputs * channels) << 3;
  for (let code: u32 = 0; code < codes; code++) {
    const to = own + ((<usize>load<u16>(patterns + ((<usize>code) << 1))) << 3);
    store<f64>(to, load<f64>(to) + load<f64>(from));
    from += step;
  }
}

/** Adds a leaf's values, for one channel, to the slots of its players (and of their pairs). */
function spread(
  list: usize,
  players: u32,
  second: bool,
  blockPlayers: u32,
  background: bool,
  odds: usize,
  patterns: usize,
  codes: u32,
  values: usize,
  first: usize,
  count: u32,
  numbers: usize,
  into: usize,
  outputs: u32,
): void {
  const all: u32 = 1 << players;
  for (let i: u32 = 0; i < players; i++) {
    const one = word(list, 3 * i + 1);
    const last = second ? players : i + 1;
    for (let j = i; j < last; j++) {
      if (i == j) {
        if (background) for (let p: u32 = 0; p < all; p++) store<f64>(values + ((<usize>p) << 3), interventional(p, i));
        else for (let p: u32 = 0; p < all; p++) store<f64>(values + ((<usize>p) << 3), pathDependent(p, i, odds));
      } else {
        if (background) for (let p: u32 = 0; p < all; p++) store<f64>(values + ((<usize>p) << 3), interventionalPair(p, i, j));
        else for (let p: u32 = 0; p < all; p++) store<f64>(values + ((<usize>p) << 3), pathDependentPair(p, i, j, odds));
      }
      const two = word(list, 3 * j + 1);
      const place = second ? pairPlace(blockPlayers, min(one, two), max(one, two)) : one;
      for (let k: u32 = 0; k < count; k++) {
        const value = load<f64>(numbers + ((<usize>word(first, 2 * k + 1)) << 3));
        const slot = place * outputs + word(first, 2 * k);
        addPatterns(into + ((<usize>slot * codes) << 3), codes, patterns, values, value);
      }
    }
  }
}

/** Where the players i ≤ j stand among the pairs of a block: as `pairIndex` of program.ts. */
@inline function pairPlace(players: u32, i: u32, j: u32): u32 {
  return i * players - (i * (i - 1)) / 2 + (j - i);
}

/** column[code] += value × values[patterns[code]] */
function addPatterns(column: usize, codes: u32, patterns: usize, values: usize, value: f64): void {
  if (codes < 4) {
    for (let code: u32 = 0; code < codes; code++) {
      const at = column + ((<usize>code) << 3);
      store<f64>(at, load<f64>(at) + value * load<f64>(values + ((<usize>load<u16>(patterns + ((<usize>code) << 1))) << 3)));
    }
    return;
  }
  const factor = f64x2.splat(value);
  for (const end = patterns + ((<usize>codes) << 1); patterns < end; patterns += 8) {
    const four = load<u64>(patterns);
    const low = v128.load_lane<u64>(values + ((<usize>(four >> 16) & 0xffff) << 3), v128.load64_zero(values + ((<usize>four & 0xffff) << 3)), 1);
    const high = v128.load_lane<u64>(values + ((<usize>(four >> 48)) << 3), v128.load64_zero(values + ((<usize>(four >> 32) & 0xffff) << 3)), 1);
    v128.store(column, f64x2.add(v128.load(column), f64x2.mul(low, factor)));
    v128.store(column, f64x2.add(v128.load(column, 16), f64x2.mul(high, factor)), 16);
    column += 32;
  }
}

// Trees whose paths have too many players for tables: for every leaf the patterns that rows really have, each explained
// once. A pattern is u64, bit i for the i-th player of the path.
import { fillInterventional, interventional, interventionalPair, nodePairs, NODES, useScratch } from "./leaf.as";
import { distinguish, slotsFor } from "./different.as";
import { addMeeting } from "./meeting.as";
import { NODE } from "./nodes.as";

/** Up to this many players a leaf may be explained for all patterns at once. */
const DENSE: u32 = 12;
const PLAYERS: usize = 64;

// What a call works on; every thread has globals of its own.
let nodes: usize = 0, covers: usize = 0, leafOutputs: usize = 0, leafValues: usize = 0, quadrature: usize = 0, betas: usize = 0;
let x: usize = 0, xRows: u32 = 0, xFirst: u32 = 0, xCount: u32 = 0;
let z: usize = 0, zRows: u32 = 0, zWeights: usize = 0;
let factors: usize = 0, sets: u32 = 0, channels: u32 = 0, second: bool = false;
let players: u32 = 0, outputs: u32 = 0, targets: u32 = 0, sums: usize = 0;

// Scratch of a tree.
let frames: usize = 0, pathPlayers: usize = 0, pathCovers: usize = 0;
let xPatterns: usize = 0, zPatterns: usize = 0;
let xTable: usize = 0, xSlots: u32 = 0, xIds: usize = 0, xKeys: usize = 0;
let zTable: usize = 0, zSlots: u32 = 0, zIds: usize = 0, zKeys: usize = 0, zSums: usize = 0;
let values: usize = 0, inverses: usize = 0, partial: usize = 0, dense: usize = 0;
let epoch: u32 = 0;

const FRAME: usize = 32;

@inline function align(at: usize): usize {
  return (at + 15) & ~15;
}

/** Writes how many bytes of scratch each tree that is worked on needs, u32: lays the scratch out from 0. */
export function treeShapDeepScratch(
  rows: u32,
  background: u32,
  depth: u32,
  mostPlayers: u32,
  pairs: u32,
  manyChannels: u32,
  into: usize,
): void {
  xCount = rows;
  zRows = background;
  channels = manyChannels;
  second = pairs != 0;
  store<u32>(into, <u32>layOut(0, depth, mostPlayers));
}

function layOut(scratch: usize, depth: u32, mostPlayers: u32): usize {
  let at = scratch;
  frames = at;
  at += <usize>(depth + 1) * FRAME;
  pathPlayers = at;
  at += PLAYERS * 4;
  pathCovers = align(at);
  at = pathCovers + PLAYERS * 8;
  xPatterns = align(at);
  at = xPatterns + <usize>(depth + 1) * ((<usize>xCount + 3) & ~3) * 8;
  zPatterns = align(at);
  at = zPatterns + <usize>(depth + 1) * ((<usize>zRows + 3) & ~3) * 8;
  xSlots = slotsFor(xCount);
  xTable = at;
  at += <usize>xSlots * 16;
  xIds = at;
  at += <usize>xCount * 4;
  xKeys = align(at);
  at = xKeys + <usize>xCount * 8;
  zSlots = slotsFor(zRows);
  zTable = at;
  at += <usize>zSlots * 16;
  zIds = at;
  at += <usize>zRows * 4;
  zKeys = align(at);
  at = zKeys + <usize>zRows * 8;
  zSums = at;
  at += <usize>zRows * channels * 8;
  values = align(at);
  const places = second ? (mostPlayers * (mostPlayers + 1)) / 2 : mostPlayers;
  at = values + <usize>xCount * places * channels * 8;
  inverses = align(at);
  at = inverses + 2 * PLAYERS * 16 * 16;
  partial = at;
  at += (<usize>mostPlayers * (mostPlayers + 1) / 2) * 16;
  dense = align(at);
  if (zRows != 0) at = dense + (((<usize>88) << DENSE) + 1024);
  return (at + 63) & ~63;
}

/**
 * Adds what the trees first + begin … first + end − 1 of `roots` give to xCount rows from row xFirst of x on: f64[lane]
 * [xCount][targets] at out, lane 0 for tree `first`, cleared before. zRows = 0: path-dependent, with covers
 * f64[nodes][2]. zWeights: f64[zRows][sets × channels]; factors likewise for the rows of x, or 0 for one channel as it
 * is. betas: f64[65][65], ∫ t^a (1−t)^b. settings: u32[16], in the order in which they are read below.
 */
export function treeShapDeep(
  nodesAt: usize,
  coversAt: usize,
  leafOutputsAt: usize,
  leafValuesAt: usize,
  quadratureAt: usize,
  betasAt: usize,
  roots: usize,
  xAt: usize,
  zAt: usize,
  zWeightsAt: usize,
  factorsAt: usize,
  settings: usize,
  out: usize,
  scratch: usize,
  begin: u32,
  end: u32,
): void {
  nodes = nodesAt;
  covers = coversAt;
  leafOutputs = leafOutputsAt;
  leafValues = leafValuesAt;
  quadrature = quadratureAt;
  betas = betasAt;
  x = xAt;
  z = zAt;
  zWeights = zWeightsAt;
  factors = factorsAt;
  xRows = load<u32>(settings);
  xFirst = load<u32>(settings, 4);
  xCount = load<u32>(settings, 8);
  zRows = load<u32>(settings, 12);
  sets = load<u32>(settings, 16);
  channels = load<u32>(settings, 20);
  second = load<u32>(settings, 24) != 0;
  players = load<u32>(settings, 28);
  outputs = load<u32>(settings, 32);
  const depth = load<u32>(settings, 36);
  const mostPlayers = load<u32>(settings, 40);
  const scratchBytes = load<u32>(settings, 44);
  const first = load<u32>(settings, 48);
  targets = load<u32>(settings, 52);
  for (let lane = begin; lane < end; lane++) {
    sums = out + (((<usize>lane * targets) * xCount) << 3);
    memory.fill(sums, 0, (<usize>targets * xCount) << 3);
    layOut(scratch + <usize>lane * scratchBytes, depth, mostPlayers);
    memory.fill(xTable, 0, <usize>xSlots * 16);
    memory.fill(zTable, 0, <usize>zSlots * 16);
    epoch = 0;
    walk(load<u32>(roots + ((<usize>(first + lane)) << 2)));
  }
}

// A frame: [node, state, place of its player on the path, new there, cover before (f64), players on the path].
function walk(root: u32): void {
  const xBytes = (((<usize>xCount) + 3) & ~3) * 8;
  const zBytes = (((<usize>zRows) + 3) & ~3) * 8;
  memory.fill(xPatterns, 0, xBytes);
  memory.fill(zPatterns, 0, zBytes);
  let level: i32 = 0;
  store<u32>(frames, root);
  store<u32>(frames, 0, 4);
  store<u32>(frames, 0, 24);
  while (level >= 0) {
    const frame = frames + <usize>level * FRAME;
    const node = nodes + <usize>load<u32>(frame) * NODE;
    const count = load<u32>(frame, 24);
    if (load<i32>(node) < 0) {
      leaf(node, count, xPatterns + <usize>level * xBytes, zPatterns + <usize>level * zBytes);
      level--;
      continue;
    }
    const state = load<u32>(frame, 4);
    let place: u32;
    if (state == 0) {
      const player = load<u32>(node, 20);
      place = 0;
      while (place < count && load<u32>(pathPlayers + ((<usize>place) << 2)) != player) place++;
      store<u32>(pathPlayers + ((<usize>place) << 2), player);
      store<u32>(frame, place, 8);
      store<u32>(frame, u32(place == count), 12);
      store<f64>(frame, place == count ? 1 : load<f64>(pathCovers + ((<usize>place) << 3)), 16);
    } else {
      place = load<u32>(frame, 8);
      if (state == 2) {
        store<f64>(pathCovers + ((<usize>place) << 3), load<f64>(frame, 16));
        level--;
        continue;
      }
    }
    const left = state == 0;
    store<u32>(frame, state + 1, 4);
    const fresh = load<u32>(frame, 12) != 0;
    if (zRows == 0) {
      const share = load<f64>(covers + ((<usize>load<u32>(frame)) << 4) + (left ? 0 : 8));
      store<f64>(pathCovers + ((<usize>place) << 3), load<f64>(frame, 16) * share);
    }
    const column = <usize>load<u32>(node);
    decide(xPatterns + <usize>level * xBytes, xBytes, x + ((column * xRows + xFirst) << 2), xCount, node, left, place, fresh);
    decide(zPatterns + <usize>level * zBytes, zBytes, z + ((column * zRows) << 2), zRows, node, left, place, fresh);
    const next = frame + FRAME;
    store<u32>(next, left ? load<u32>(node, 12) : load<u32>(node, 16));
    store<u32>(next, 0, 4);
    store<u32>(next, count + u32(fresh), 24);
    level++;
  }
}

/** Patterns after one more decision: from u64[rows] at `from` to those `bytes` further. */
function decide(from: usize, bytes: usize, column: usize, rows: u32, node: usize, left: bool, place: u32, fresh: bool): void {
  const rule = load<u32>(node, 8);
  const equality = (rule & 1) != 0;
  const missing = f32x4.splat((rule & 2) != 0 ? 1 : 0);
  const zero = f32x4.splat(0);
  const threshold = f32x4.splat(load<f32>(node, 4));
  const flip = i32x4.splat(left ? 0 : -1);
  const bit = i64x2.splat((<i64>1) << place);
  const others = v128.not(bit);
  const whole = rows & ~3;
  let row: u32 = 0;
  for (; row < rows; row += 4) {
    let value: v128;
    if (row < whole) {
      value = v128.load(column);
    } else {
      value = v128.load32_zero(column);
      if (rows - row > 1) value = v128.load_lane<u32>(column, value, 1, 4);
      if (rows - row > 2) value = v128.load_lane<u32>(column, value, 2, 8);
    }
    let goes = equality ? f32x4.eq(value, threshold) : f32x4.le(value, threshold);
    goes = v128.or(goes, v128.and(f32x4.ne(value, value), f32x4.ne(missing, zero)));
    const met = v128.xor(goes, flip);
    const low = i64x2.extend_low_i32x4_s(met);
    const high = i64x2.extend_high_i32x4_s(met);
    if (fresh) {
      v128.store(from + bytes, v128.or(v128.load(from), v128.and(low, bit)));
      v128.store(from + bytes + 16, v128.or(v128.load(from, 16), v128.and(high, bit)));
    } else {
      v128.store(from + bytes, v128.and(v128.load(from), v128.or(low, others)));
      v128.store(from + bytes + 16, v128.and(v128.load(from, 16), v128.or(high, others)));
    }
    from += 32;
    column += 16;
  }
}

function leaf(node: usize, count: u32, xHere: usize, zHere: usize): void {
  const first = load<u32>(node, 12);
  const last = load<u32>(node, 16);
  if (count == 0 || first == last) return;
  epoch++;
  const different = distinguish(xHere, xCount, xTable, xSlots, xIds, xKeys, epoch);
  const zDifferent = zRows == 0 ? 0 : distinguish(zHere, zRows, zTable, zSlots, zIds, zKeys, epoch);
  for (let entry = first; entry < last; entry++) {
    const output = load<u32>(leafOutputs + ((<usize>entry) << 2));
    if (entry == first || factors != 0) {
      if (zRows == 0) explainCovers(count, different);
      else explainBackground(count, different, zDifferent, factors != 0 ? output : 0);
    }
    spread(count, output, load<f64>(leafValues + ((<usize>entry) << 3)));
  }
}

@inline function valueAt(id: u32, places: u32, place: u32): usize {
  return values + (((<usize>id * places + place) * channels) << 3);
}

/** Adds value × what was found for each row's pattern to the sums of the path's players (and their pairs). */
function spread(count: u32, output: u32, value: f64): void {
  const places = second ? (count * (count + 1)) / 2 : count;
  let place: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const one = load<u32>(pathPlayers + ((<usize>i) << 2));
    const end = second ? count : i + 1;
    for (let j = i; j < end; j++) {
      const two = load<u32>(pathPlayers + ((<usize>j) << 2));
      const low = min(one, two);
      const target = (second ? low * players - (low * (low - 1)) / 2 + (max(one, two) - low) : one) * outputs + output;
      let to = sums + ((<usize>target) << 3);
      for (let row: u32 = 0; row < xCount; row++) {
        const from = valueAt(load<u32>(xIds + ((<usize>row) << 2)), places, place);
        let found: f64 = 0;
        if (factors == 0) {
          found = load<f64>(from);
        } else {
          const own = factors + (((<usize>row * sets + output) * channels) << 3);
          for (let channel: u32 = 0; channel < channels; channel++) {
            found += load<f64>(own + ((<usize>channel) << 3)) * load<f64>(from + ((<usize>channel) << 3));
          }
        }
        store<f64>(to, load<f64>(to) + value * found);
        to += (<usize>targets) << 3;
      }
      place++;
    }
  }
}

/** Path-dependent: see leaf.as.ts; each pattern by itself, its product over the players taken apart again. */
function explainCovers(count: u32, different: u32): void {
  const pairs = nodePairs(count);
  const own = quadrature + <usize>count * NODES;
  const one = f64x2.splat(1);
  // For each pair of nodes and player: t + r (1−t) and its inverse.
  for (let pair: u32 = 0; pair < pairs; pair++) {
    const t = v128.load(own + ((<usize>pair) << 5));
    const rest = f64x2.sub(one, t);
    for (let i: u32 = 0; i < count; i++) {
      const met = f64x2.add(t, f64x2.mul(v128.load64_splat(pathCovers + ((<usize>i) << 3)), rest));
      const at = inverses + ((<usize>pair * PLAYERS + i) << 5);
      v128.store(at, met);
      v128.store(at, f64x2.div(one, met), 16);
    }
  }
  const places = second ? (count * (count + 1)) / 2 : count;
  for (let id: u32 = 0; id < different; id++) {
    const pattern = load<u64>(xKeys + ((<usize>id) << 3));
    memory.fill(partial, 0, (<usize>places) << 4);
    for (let pair: u32 = 0; pair < pairs; pair++) {
      const t = v128.load(own + ((<usize>pair) << 5));
      const rest = f64x2.sub(one, t);
      let product = v128.load(own + ((<usize>pair) << 5), 16);
      const list = inverses + ((<usize>pair * PLAYERS) << 5);
      for (let i: u32 = 0; i < count; i++) {
        const met = v128.load(list + ((<usize>i) << 5));
        const out = f64x2.mul(v128.load64_splat(pathCovers + ((<usize>i) << 3)), rest);
        product = f64x2.mul(product, ((pattern >> i) & 1) != 0 ? met : out);
      }
      const below = f64x2.div(one, rest);
      let at = partial;
      for (let i: u32 = 0; i < count; i++) {
        const without = f64x2.mul(product, ((pattern >> i) & 1) != 0 ? v128.load(list + ((<usize>i) << 5), 16) : below);
        v128.store(at, f64x2.add(v128.load(at), without));
        at += 16;
        if (!second) continue;
        for (let j = i + 1; j < count; j++) {
          const both = f64x2.mul(without, ((pattern >> j) & 1) != 0 ? v128.load(list + ((<usize>j) << 5), 16) : below);
          v128.store(at, f64x2.add(v128.load(at), both));
          at += 16;
        }
      }
    }
    let at = partial;
    let place: u32 = 0;
    for (let i: u32 = 0; i < count; i++) {
      const a = side(pattern, i);
      const end = second ? count : i + 1;
      for (let j = i; j < end; j++) {
        const sum = v128.load(at);
        const weight = j == i ? a : 0.5 * a * side(pattern, j);
        store<f64>(valueAt(id, places, place), weight * (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
        at += 16;
        place++;
      }
    }
  }
}

/** What a player's coming changes: 1 − r where it meets its conditions; −r where not, whose r is in the product. */
@inline function side(pattern: u64, i: u32): f64 {
  return ((pattern >> i) & 1) != 0 ? 1 - load<f64>(pathCovers + ((<usize>i) << 3)) : -1;
}

/** Interventional: see leaf.as.ts; each pattern with each of the background's, or all patterns at once where that is less. */
function explainBackground(count: u32, different: u32, zDifferent: u32, set: u32): void {
  const places = second ? (count * (count + 1)) / 2 : count;
  memory.fill(zSums, 0, (<usize>zDifferent * channels) << 3);
  for (let row: u32 = 0; row < zRows; row++) {
    let to = zSums + ((<usize>load<u32>(zIds + ((<usize>row) << 2)) * channels) << 3);
    let from = zWeights + (((<usize>row * sets + set) * channels) << 3);
    for (let channel: u32 = 0; channel < channels; channel++) {
      store<f64>(to, load<f64>(to) + load<f64>(from));
      to += 8;
      from += 8;
    }
  }
  // What else is explained does not enter, so that a row's values have the same bits beside any others.
  if (count <= DENSE && zDifferent > ((channels * count * nodePairs(count)) << count) >> 6) {
    explainAll(count, different, zDifferent, places);
    return;
  }
  const full: u64 = u64.MAX_VALUE >> (64 - count);
  memory.fill(values, 0, (<usize>different * places * channels) << 3);
  for (let id: u32 = 0; id < different; id++) {
    const unmet = ~load<u64>(xKeys + ((<usize>id) << 3)) & full;
    for (let other: u32 = 0; other < zDifferent; other++) {
      const missed = ~load<u64>(zKeys + ((<usize>other) << 3)) & full;
      if ((missed & unmet) == 0) {
        addMeeting(valueAt(id, places, 0), zSums + ((<usize>other * channels) << 3), channels, betas, count, missed, unmet, second);
      }
    }
  }
}

function explainAll(count: u32, different: u32, zDifferent: u32, places: u32): void {
  const all: u32 = 1 << count;
  const shares = dense + 1024;
  useScratch(shares + ((<usize>all) << 3), all);
  for (let channel: u32 = 0; channel < channels; channel++) {
    memory.fill(shares, 0, (<usize>all) << 3);
    for (let other: u32 = 0; other < zDifferent; other++) {
      const key = <u32>load<u64>(zKeys + ((<usize>other) << 3));
      store<f64>(shares + ((<usize>key) << 3), load<f64>(zSums + ((<usize>other * channels + channel) << 3)));
    }
    fillInterventional(shares, count, quadrature + <usize>count * NODES, dense, second);
    for (let id: u32 = 0; id < different; id++) {
      const pattern = <u32>load<u64>(xKeys + ((<usize>id) << 3));
      let place: u32 = 0;
      for (let i: u32 = 0; i < count; i++) {
        const end = second ? count : i + 1;
        for (let j = i; j < end; j++) {
          const found = i == j ? interventional(pattern, i) : interventionalPair(pattern, i, j);
          store<f64>(valueAt(id, places, place) + ((<usize>channel) << 3), found);
          place++;
        }
      }
    }
  }
}

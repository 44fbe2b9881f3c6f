// Interventional values of trees with long paths, for backgrounds of few rows: a walk through a tree with all rows at
// once, each with the set of background rows together with which it can be there. Where that is empty a row stays
// behind, and where no row is left nobody goes further: most leaves are out of most rows' reach.
import { addMeeting } from "./meeting.as";
import { goesLeft, NODE } from "./predict.as";

const FRAME: usize = 48;
const PLAYERS: usize = 64;

let nodes: usize = 0, leafOutputs: usize = 0, leafValues: usize = 0, betas: usize = 0;
let x: usize = 0, xRows: u32 = 0, count: u32 = 0;
let z: usize = 0, zRows: u32 = 0, zWeights: usize = 0, setBytes: usize = 0;
let factors: usize = 0, sets: u32 = 0, channels: u32 = 0, second: bool = false;
let players: u32 = 0, outputs: u32 = 0, sums: usize = 0;
let frames: usize = 0, pathPlayers: usize = 0, met: usize = 0, saved: usize = 0, goes: usize = 0;
let missed: usize = 0, active: usize = 0, alive: usize = 0, values: usize = 0;

/** Bytes of scratch for a tree, u32 at into. */
export function treeShapAliveScratch(
  rows: u32,
  background: u32,
  depth: u32,
  mostPlayers: u32,
  pairs: u32,
  manyChannels: u32,
  into: usize,
): void {
  count = rows;
  zRows = background;
  channels = manyChannels;
  second = pairs != 0;
  store<u32>(into, <u32>layOut(0, depth, mostPlayers));
}

function layOut(scratch: usize, depth: u32, mostPlayers: u32): usize {
  setBytes = ((<usize>zRows + 127) >> 7) << 4;
  let at = scratch;
  frames = at;
  at += <usize>(depth + 1) * FRAME;
  pathPlayers = at;
  at += PLAYERS * 4;
  met = at;
  at += PLAYERS * setBytes;
  saved = at;
  at += <usize>(depth + 1) * setBytes;
  goes = at;
  at += <usize>(depth + 1) * setBytes;
  missed = at;
  at += <usize>(depth + 1) * ((<usize>zRows + 1) & ~1) * 8;
  active = at;
  at += <usize>(depth + 1) * count * 16;
  alive = at;
  at += <usize>(depth + 1) * count * setBytes;
  values = at;
  at += (<usize>mostPlayers * (mostPlayers + 1) / 2) * channels * 8;
  return (at + 63) & ~63;
}

/** As treeShapDeep, with a background, for fewer rows of it. */
export function treeShapAlive(
  nodesAt: usize,
  leafOutputsAt: usize,
  leafValuesAt: usize,
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
  leafOutputs = leafOutputsAt;
  leafValues = leafValuesAt;
  betas = betasAt;
  z = zAt;
  zWeights = zWeightsAt;
  factors = factorsAt;
  xRows = load<u32>(settings);
  x = xAt + ((<usize>load<u32>(settings, 4)) << 2);
  count = load<u32>(settings, 8);
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
  const targets = load<u32>(settings, 52);
  for (let lane = begin; lane < end; lane++) {
    sums = out + (((<usize>lane * targets) * count) << 3);
    memory.fill(sums, 0, (<usize>targets * count) << 3);
    layOut(scratch + <usize>lane * scratchBytes, depth, mostPlayers);
    walk(load<u32>(roots + ((<usize>(first + lane)) << 2)));
  }
}

// A frame: [node, state, place of its player on the path, players on the path, active rows]. An active row: [its number,
// place of its set of background rows, which players it does not meet (u64)].
function walk(root: u32): void {
  store<u32>(frames, root);
  store<u32>(frames, 0, 4);
  store<u32>(frames, 0, 12);
  store<u32>(frames, count, 16);
  memory.fill(missed, 0, (<usize>zRows) << 3);
  memory.fill(alive, 255, setBytes);
  const beyond = zRows & 127;
  if (beyond != 0) {
    const last = alive + setBytes - 16;
    store<u64>(last, beyond >= 64 ? u64.MAX_VALUE : ((<u64>1) << beyond) - 1);
    store<u64>(last, beyond > 64 ? ((<u64>1) << (beyond - 64)) - 1 : 0, 8);
  }
  for (let row: u32 = 0; row < count; row++) {
    const at = active + ((<usize>row) << 4);
    store<u32>(at, row);
    store<u32>(at, <u32>alive, 4);
    store<u64>(at, 0, 8);
  }
  let level: i32 = 0;
  while (level >= 0) {
    const frame = frames + <usize>level * FRAME;
    const node = nodes + <usize>load<u32>(frame) * NODE;
    const on = load<u32>(frame, 12);
    if (load<i32>(node) < 0) {
      leaf(frame, level, node, on);
      level--;
      continue;
    }
    const state = load<u32>(frame, 4);
    store<u32>(frame, state + 1, 4);
    if (state == 0) open(frame, level, node, on);
    const own = met + <usize>load<u32>(frame, 8) * setBytes;
    if (state == 2) {
      memory.copy(own, saved + <usize>level * setBytes, setBytes);
      level--;
      continue;
    }
    if (enter(frame, level, node, on, state == 0)) level++;
  }
}

/** Finds a node's player on the path and which background rows go left. */
function open(frame: usize, level: i32, node: usize, on: u32): void {
  const player = load<u32>(node, 20);
  let place: u32 = 0;
  while (place < on && load<u32>(pathPlayers + ((<usize>place) << 2)) != player) place++;
  store<u32>(frame, place, 8);
  const own = met + <usize>place * setBytes;
  if (place == on) {
    store<u32>(pathPlayers + ((<usize>place) << 2), player);
    memory.copy(own, alive, setBytes);
  }
  memory.copy(saved + <usize>level * setBytes, own, setBytes);
  const column = z + ((<usize>load<u32>(node) * zRows) << 2);
  const set = goes + <usize>level * setBytes;
  memory.fill(set, 0, setBytes);
  for (let from: u32 = 0; from < zRows; from += 64) {
    let bits: u64 = 0;
    const end = min(zRows, from + 64);
    for (let row = from; row < end; row++) {
      bits |= (<u64>goesLeft(node, load<f32>(column + ((<usize>row) << 2)))) << (row & 63);
    }
    store<u64>(set + (from >> 3), bits);
  }
}

/** Takes a decision with all active rows; false where none of them can go there with anybody. */
function enter(frame: usize, level: i32, node: usize, on: u32, left: bool): bool {
  const place = load<u32>(frame, 8);
  const own = met + <usize>place * setBytes;
  const before = saved + <usize>level * setBytes;
  const set = goes + <usize>level * setBytes;
  for (let at: usize = 0; at < setBytes; at += 16) {
    const there = left ? v128.and(v128.load(before + at), v128.load(set + at)) : v128.andnot(v128.load(before + at), v128.load(set + at));
    v128.store(own + at, there);
  }
  const column = x + ((<usize>load<u32>(node) * xRows) << 2);
  const bit = (<u64>1) << place;
  const rows = load<u32>(frame, 16);
  let from = active + ((<usize>level * count) << 4);
  const next = from + ((<usize>count) << 4);
  let to = next;
  let set2 = alive + <usize>(level + 1) * count * setBytes;
  for (const end = from + ((<usize>rows) << 4); from < end; from += 16) {
    const row = load<u32>(from);
    let together = load<u32>(from, 4);
    let unmet = load<u64>(from, 8);
    if (goesLeft(node, load<f32>(column + ((<usize>row) << 2))) != left) unmet |= bit;
    if ((unmet & bit) != 0) {
      let any = i64x2.splat(0);
      for (let at: usize = 0; at < setBytes; at += 16) {
        const both = v128.and(v128.load(<usize>together + at), v128.load(own + at));
        any = v128.or(any, both);
        v128.store(set2 + at, both);
      }
      if (!v128.any_true(any)) continue;
      together = <u32>set2;
      set2 += setBytes;
    }
    store<u32>(to, row);
    store<u32>(to, together, 4);
    store<u64>(to, unmet, 8);
    to += 16;
  }
  if (to == next) return false;
  const child = frame + FRAME;
  store<u32>(child, left ? load<u32>(node, 12) : load<u32>(node, 16));
  store<u32>(child, 0, 4);
  store<u32>(child, on + u32(place == on), 12);
  store<u32>(child, <u32>((to - next) >> 4), 16);
  // What background rows miss.
  const missedBytes = ((<usize>zRows + 1) & ~1) * 8;
  let old = missed + <usize>level * missedBytes;
  for (let row: u32 = 0; row < zRows; row += 64) {
    let absent = ~load<u64>(own + (row >> 3));
    const end = min(zRows - row, 64);
    for (let k: u32 = 0; k < end; k++) {
      store<u64>(old + missedBytes, load<u64>(old) | ((absent & 1) << place));
      absent >>= 1;
      old += 8;
    }
  }
  return true;
}

function leaf(frame: usize, level: i32, node: usize, on: u32): void {
  const first = load<u32>(node, 12);
  const last = load<u32>(node, 16);
  if (on == 0) return;
  const places = second ? (on * (on + 1)) / 2 : on;
  const own = missed + <usize>level * ((<usize>zRows + 1) & ~1) * 8;
  let from = active + ((<usize>level * count) << 4);
  for (const end = from + ((<usize>load<u32>(frame, 16)) << 4); from < end; from += 16) {
    const row = load<u32>(from);
    const together = <usize>load<u32>(from, 4);
    const unmet = load<u64>(from, 8);
    for (let entry = first; entry < last; entry++) {
      const output = load<u32>(leafOutputs + ((<usize>entry) << 2));
      if (entry == first || factors != 0) meet(together, unmet, own, on, places, factors != 0 ? output : 0);
      spread(row, on, places, output, load<f64>(leafValues + ((<usize>entry) << 3)));
    }
  }
}

/** What the background rows of a set give to a row. */
function meet(together: usize, unmet: u64, own: usize, on: u32, places: u32, set: u32): void {
  memory.fill(values, 0, (<usize>places * channels) << 3);
  const weights = zWeights + ((<usize>set * channels) << 3);
  const step = (<usize>sets * channels) << 3;
  for (let at: usize = 0; at < setBytes; at += 8) {
    for (let bits = load<u64>(together + at); bits != 0; bits &= bits - 1) {
      const other = (at << 3) + <usize>ctz(bits);
      addMeeting(values, weights + other * step, channels, betas, on, load<u64>(own + (other << 3)), unmet, second);
    }
  }
}

function spread(row: u32, on: u32, places: u32, output: u32, value: f64): void {
  const own = factors + (((<usize>row * sets + output) * channels) << 3);
  let from = values;
  for (let i: u32 = 0; i < on; i++) {
    const one = load<u32>(pathPlayers + ((<usize>i) << 2));
    const end = second ? on : i + 1;
    for (let j = i; j < end; j++) {
      const two = load<u32>(pathPlayers + ((<usize>j) << 2));
      const low = min(one, two);
      const target = (second ? low * players - (low * (low - 1)) / 2 + (max(one, two) - low) : one) * outputs + output;
      let found: f64 = 0;
      if (factors == 0) found = load<f64>(from);
      else {
        for (let channel: u32 = 0; channel < channels; channel++) {
          found += load<f64>(own + ((<usize>channel) << 3)) * load<f64>(from + ((<usize>channel) << 3));
        }
      }
      const to = sums + ((<usize>target * count + row) << 3);
      store<f64>(to, load<f64>(to) + value * found);
      from += (<usize>channels) << 3;
    }
  }
}

// Interventional values of trees with long paths, for backgrounds of few rows: a walk through a tree with all rows at
// once, in classes of rows that meet the same players' conditions, each with the set of background rows together with
// which they can be there. Where that is empty a class stays behind, and where none is left nobody goes further: most
// leaves are out of most rows' reach.
import { distinguish, slotsFor } from "./different.as";
import { addMeeting } from "./meeting.as";
import { goesLeft, NODE } from "./nodes.as";

const FRAME: usize = 48;
const CLASS: usize = 24;
/** Background rows that are taken one by one. */
const SMALL: u32 = 48;
const PLAYERS: usize = 64;

let nodes: usize = 0, leafOutputs: usize = 0, leafValues: usize = 0, betas: usize = 0;
let x: usize = 0, xRows: u32 = 0, count: u32 = 0;
let z: usize = 0, zRows: u32 = 0, zWeights: usize = 0, setBytes: usize = 0;
let factors: usize = 0, sets: u32 = 0, channels: u32 = 0, second: bool = false;
let players: u32 = 0, outputs: u32 = 0, targets: u32 = 0, sums: usize = 0;
let frames: usize = 0, pathPlayers: usize = 0, met: usize = 0, saved: usize = 0, goes: usize = 0;
let missed: usize = 0, offsets: usize = 0, classes: usize = 0, members: usize = 0, others: usize = 0, alive: usize = 0, values: usize = 0;
let zTable: usize = 0, zSlots: u32 = 0, zIds: usize = 0, zKeys: usize = 0, zSums: usize = 0, epoch: u32 = 0;

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
  classes = at;
  at += <usize>(depth + 1) * count * CLASS;
  members = at;
  at += ((<usize>(depth + 1) * count * 4) + 15) & ~15;
  others = at;
  at += ((<usize>count * 4) + 15) & ~15;
  zSlots = slotsFor(zRows);
  zTable = at;
  at += <usize>zSlots * 16;
  zIds = at;
  at += ((<usize>zRows * 4) + 15) & ~15;
  zKeys = at;
  at += (((<usize>zRows + 1) & ~1) * 8);
  zSums = at;
  at += ((<usize>zRows * channels * 8) + 15) & ~15;
  alive = at;
  at += <usize>(depth + 1) * count * setBytes;
  values = at;
  at += (<usize>mostPlayers * (mostPlayers + 1) / 2) * channels * 8;
  offsets = at;
  at += (<usize>mostPlayers * (mostPlayers + 1) / 2) * 4;
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
  targets = load<u32>(settings, 52);
  for (let lane = begin; lane < end; lane++) {
    sums = out + (((<usize>lane * targets) * count) << 3);
    memory.fill(sums, 0, (<usize>targets * count) << 3);
    layOut(scratch + <usize>lane * scratchBytes, depth, mostPlayers);
    memory.fill(zTable, 0, <usize>zSlots * 16);
    epoch = 0;
    walk(load<u32>(roots + ((<usize>(first + lane)) << 2)));
  }
}

// A frame: [node, state, place of its player on the path, players on the path, classes]. A class: [which players it does
// not meet (u64), place of its set of background rows, its first member, end of its members].
function walk(root: u32): void {
  store<u32>(frames, root);
  store<u32>(frames, 0, 4);
  store<u32>(frames, 0, 12);
  store<u32>(frames, 1, 16);
  memory.fill(missed, 0, (<usize>zRows) << 3);
  memory.fill(alive, 255, setBytes);
  const beyond = zRows & 127;
  if (beyond != 0) {
    const last = alive + setBytes - 16;
    store<u64>(last, beyond >= 64 ? u64.MAX_VALUE : ((<u64>1) << beyond) - 1);
    store<u64>(last, beyond > 64 ? ((<u64>1) << (beyond - 64)) - 1 : 0, 8);
  }
  for (let row: u32 = 0; row < count; row++) store<u32>(members + ((<usize>row) << 2), row);
  writeClass(classes, 0, alive, 0, count);
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

@inline function writeClass(at: usize, unmet: u64, together: usize, begin: u32, end: u32): void {
  store<u64>(at, unmet);
  store<u32>(at, <u32>together, 8);
  store<u32>(at, begin, 12);
  store<u32>(at, end, 16);
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

/** Takes a decision with all classes; false where none of them can go there with anybody. */
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
  const oldMembers = members + ((<usize>level * count) << 2);
  const newMembers = oldMembers + ((<usize>count) << 2);
  let from = classes + <usize>level * count * CLASS;
  const next = from + <usize>count * CLASS;
  let to = next;
  let set2 = alive + <usize>(level + 1) * count * setBytes;
  let placed: u32 = 0;
  for (const end = from + <usize>load<u32>(frame, 16) * CLASS; from < end; from += CLASS) {
    const unmet = load<u64>(from);
    const together = <usize>load<u32>(from, 8);
    const last = load<u32>(from, 16);
    // Who meets the player's conditions still stays with all it was with; who does not needs those who do.
    let stay: u32 = 0;
    const begin = placed;
    for (let k = load<u32>(from, 12); k < last; k++) {
      const row = load<u32>(oldMembers + ((<usize>k) << 2));
      if ((unmet & bit) == 0 && goesLeft(node, load<f32>(column + ((<usize>row) << 2))) == left) {
        store<u32>(newMembers + ((<usize>placed) << 2), row);
        placed++;
      } else {
        store<u32>(others + ((<usize>stay) << 2), row);
        stay++;
      }
    }
    if (placed > begin) {
      writeClass(to, unmet, together, begin, placed);
      to += CLASS;
    }
    if (stay == 0) continue;
    let any = i64x2.splat(0);
    for (let at: usize = 0; at < setBytes; at += 16) {
      const both = v128.and(v128.load(together + at), v128.load(own + at));
      any = v128.or(any, both);
      v128.store(set2 + at, both);
    }
    if (!v128.any_true(any)) continue;
    memory.copy(newMembers + ((<usize>placed) << 2), others, (<usize>stay) << 2);
    writeClass(to, unmet | bit, set2, placed, placed + stay);
    to += CLASS;
    placed += stay;
    set2 += setBytes;
  }
  if (to == next) return false;
  const child = frame + FRAME;
  store<u32>(child, left ? load<u32>(node, 12) : load<u32>(node, 16));
  store<u32>(child, 0, 4);
  store<u32>(child, on + u32(place == on), 12);
  store<u32>(child, <u32>((to - next) / CLASS), 16);
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
  const missedHere = missed + <usize>level * ((<usize>zRows + 1) & ~1) * 8;
  const list = classes + <usize>level * count * CLASS;
  const end = list + <usize>load<u32>(frame, 16) * CLASS;
  const rows = members + ((<usize>level * count) << 2);
  // Large sets go by their different patterns instead of row by row; what else is explained does not enter, so that a
  // row's values have the same bits beside any others.
  findOffsets(on);
  let different: u32 = 0;
  for (let at = list; at < end && different == 0; at += CLASS) {
    if (sizeOf(<usize>load<u32>(at, 8)) <= SMALL) continue;
    epoch++;
    different = distinguish(missedHere, zRows, zTable, zSlots, zIds, zKeys, epoch);
  }
  for (let entry = first; entry < last; entry++) {
    const output = load<u32>(leafOutputs + ((<usize>entry) << 2));
    const set = factors != 0 ? output : 0;
    const value = load<f64>(leafValues + ((<usize>entry) << 3));
    if (different > 0 && (entry == first || factors != 0)) addUp(set, different);
    for (let at = list; at < end; at += CLASS) {
      const together = <usize>load<u32>(at, 8);
      memory.fill(values, 0, (<usize>places * channels) << 3);
      const size = sizeOf(together);
      if (size > SMALL && different < 8 * size) meetDifferent(load<u64>(at), different, on);
      else meet(together, load<u64>(at), missedHere, on, set);
      spread(rows + ((<usize>load<u32>(at, 12)) << 2), load<u32>(at, 16) - load<u32>(at, 12), places, output, value);
    }
  }
}

function sizeOf(set: usize): u32 {
  let size: u32 = 0;
  for (let at: usize = 0; at < setBytes; at += 8) size += <u32>popcnt(load<u64>(set + at));
  return size;
}

/** The weights of the background's different patterns. */
function addUp(set: u32, different: u32): void {
  memory.fill(zSums, 0, (<usize>different * channels) << 3);
  for (let row: u32 = 0; row < zRows; row++) {
    let to = zSums + ((<usize>load<u32>(zIds + ((<usize>row) << 2)) * channels) << 3);
    let from = zWeights + (((<usize>row * sets + set) * channels) << 3);
    for (let channel: u32 = 0; channel < channels; channel++) {
      store<f64>(to, load<f64>(to) + load<f64>(from));
      to += 8;
      from += 8;
    }
  }
}

/** What the background rows of a set give to a class. */
function meet(together: usize, unmet: u64, missedHere: usize, on: u32, set: u32): void {
  const weights = zWeights + ((<usize>set * channels) << 3);
  const step = (<usize>sets * channels) << 3;
  const simple = !second && channels == 1;
  let down: f64 = 0;
  for (let at: usize = 0; at < setBytes; at += 8) {
    for (let bits = load<u64>(together + at); bits != 0; bits &= bits - 1) {
      const other = (at << 3) + <usize>ctz(bits);
      const absent = load<u64>(missedHere + (other << 3));
      if (simple) down += addSimple(load<f64>(weights + other * step), absent, unmet);
      else addMeeting(values, weights + other * step, channels, betas, on, absent, unmet, second);
    }
  }
  if (simple) addDown(down, unmet);
}

/** The same, pattern by pattern. */
function meetDifferent(unmet: u64, different: u32, on: u32): void {
  const simple = !second && channels == 1;
  let down: f64 = 0;
  for (let other: u32 = 0; other < different; other++) {
    const absent = load<u64>(zKeys + ((<usize>other) << 3));
    if ((absent & unmet) != 0) continue;
    const weights = zSums + ((<usize>other * channels) << 3);
    if (simple) down += addSimple(load<f64>(weights), absent, unmet);
    else addMeeting(values, weights, channels, betas, on, absent, unmet, second);
  }
  if (simple) addDown(down, unmet);
}

/** addMeeting for one channel and no pairs; returns what the players that are not met all get, see addDown. */
@inline function addSimple(weight: f64, absent: u64, unmet: u64): f64 {
  const a = <usize>popcnt(absent);
  const b = <usize>popcnt(unmet);
  if (a > 0) {
    const up = weight * load<f64>(betas + (((a - 1) * 65 + b) << 3));
    for (let rest = absent; rest != 0; rest &= rest - 1) {
      const at = values + ((<usize>ctz(rest)) << 3);
      store<f64>(at, load<f64>(at) + up);
    }
  }
  return b > 0 ? weight * load<f64>(betas + ((a * 65 + b - 1) << 3)) : 0;
}

function addDown(down: f64, unmet: u64): void {
  for (let rest = unmet; rest != 0; rest &= rest - 1) store<f64>(values + ((<usize>ctz(rest)) << 3), -down);
}

/** Bytes from a row's sums to those of the path's players (or their pairs), for output 0: u32[places] at offsets. */
function findOffsets(on: u32): void {
  let to = offsets;
  for (let i: u32 = 0; i < on; i++) {
    const one = load<u32>(pathPlayers + ((<usize>i) << 2));
    const end = second ? on : i + 1;
    for (let j = i; j < end; j++) {
      const two = load<u32>(pathPlayers + ((<usize>j) << 2));
      const low = min(one, two);
      const place = second ? low * players - (low * (low - 1)) / 2 + (max(one, two) - low) : one;
      store<u32>(to, (place * outputs) << 3);
      to += 4;
    }
  }
}

/** Adds value × what was found to the sums of `size` rows. */
function spread(rows: usize, size: u32, places: u32, output: u32, value: f64): void {
  for (let k: u32 = 0; k < size; k++) {
    const row = load<u32>(rows + ((<usize>k) << 2));
    const own = sums + ((<usize>row * targets + output) << 3);
    let from = values;
    let offset = offsets;
    for (const end = offsets + ((<usize>places) << 2); offset < end; offset += 4) {
      const to = own + load<u32>(offset);
      store<f64>(to, load<f64>(to) + value * (factors == 0 ? load<f64>(from) : mixed(from, row, output)));
      from += (<usize>channels) << 3;
    }
  }
}

@inline function mixed(from: usize, row: u32, output: u32): f64 {
  const own = factors + (((<usize>row * sets + output) * channels) << 3);
  let sum: f64 = 0;
  for (let channel: u32 = 0; channel < channels; channel++) {
    sum += load<f64>(own + ((<usize>channel) << 3)) * load<f64>(from + ((<usize>channel) << 3));
  }
  return sum;
}

// Path-dependent values of trees with long paths, for 32 rows at a time, in one walk through a tree: what Linear TreeSHAP
// (Yu et al., arXiv:2209.08192) does with polynomials, with their values at Gauss-Legendre nodes t instead.
//
// P(t), carried down, is the product over the players of the path, t + r (1−t) where a row meets all of a player's
// conditions and r (1−t) where not, r being the player's share of cover. S(t), carried up, is Σ leaf · P(t) over the leaves
// below. Player i gets ∫ S(t) / factor_i(t) · (met_i − r_i) dt over the leaves where a decision of i is the last of i on
// the path: at each decision what is below it, less what counted so far for the decision of i before.
import { nodePairs, NODES } from "./leaf.as";
import { goesLeft, NODE } from "./nodes.as";

const ROWS: u32 = 32;
const FRAME: usize = 64;
const PLAYERS: usize = 64;

let nodes: usize = 0, covers: usize = 0, leafOutputs: usize = 0, leafValues: usize = 0;
let x: usize = 0, xRows: u32 = 0, rows: u32 = 0, everyone: u32 = 0;
let quadrature: usize = 0, pairs: u32 = 0, rowBytes: usize = 0, output: u32 = 0;
let frames: usize = 0, pathPlayers: usize = 0, pathCovers: usize = 0, pathMasks: usize = 0;
let products: usize = 0, sums: usize = 0, changes: usize = 0, ratios: usize = 0, totals: usize = 0;

/** Bytes of scratch for a tree, u32 at into. */
export function treeShapCoversScratch(depth: u32, mostPlayers: u32, players: u32, into: usize): void {
  store<u32>(into, <u32>layOut(0, depth, mostPlayers, players));
}

function layOut(scratch: usize, depth: u32, mostPlayers: u32, players: u32): usize {
  pairs = nodePairs(mostPlayers);
  rowBytes = (<usize>pairs) << 4;
  let at = scratch;
  frames = at;
  at += <usize>(depth + 1) * FRAME;
  pathPlayers = at;
  at += PLAYERS * 4;
  pathMasks = at;
  at += PLAYERS * 4;
  pathCovers = at;
  at += PLAYERS * 8;
  ratios = at;
  at += 3 * rowBytes;
  changes = at;
  at += <usize>(depth + 1) * 2 * rowBytes;
  products = at;
  at += <usize>(depth + 1) * ROWS * rowBytes;
  sums = at;
  at += <usize>(depth + 1) * ROWS * rowBytes;
  totals = at;
  at += <usize>players * ROWS * 16;
  return (at + 63) & ~63;
}

/**
 * Adds what the trees first + begin … first + end − 1 of `roots` give to rows of x: f64[lane][rows][targets] at out, lane
 * 0 for tree `first`, cleared before. covers: f64[nodes][2]. settings: u32[16], as for treeShapDeep.
 */
export function treeShapCovers(
  nodesAt: usize,
  coversAt: usize,
  leafOutputsAt: usize,
  leafValuesAt: usize,
  quadratureAt: usize,
  roots: usize,
  xAt: usize,
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
  xRows = load<u32>(settings);
  const first = load<u32>(settings, 4);
  const count = load<u32>(settings, 8);
  const players = load<u32>(settings, 28);
  const outputs = load<u32>(settings, 32);
  const depth = load<u32>(settings, 36);
  const mostPlayers = load<u32>(settings, 40);
  const scratchBytes = load<u32>(settings, 44);
  const firstTree = load<u32>(settings, 48);
  const targets = load<u32>(settings, 52);
  quadrature = quadratureAt + <usize>mostPlayers * NODES;
  for (let lane = begin; lane < end; lane++) {
    const into = out + (((<usize>lane * targets) * count) << 3);
    memory.fill(into, 0, (<usize>targets * count) << 3);
    layOut(scratch + <usize>lane * scratchBytes, depth, mostPlayers, players);
    const root = load<u32>(roots + ((<usize>(firstTree + lane)) << 2));
    for (let from: u32 = 0; from < count; from += ROWS) {
      rows = min(ROWS, count - from);
      everyone = rows == 32 ? u32.MAX_VALUE : ((<u32>1) << rows) - 1;
      x = xAt + ((<usize>(first + from)) << 2);
      for (output = 0; output < outputs; output++) {
        memory.fill(totals, 0, <usize>players * ROWS * 16);
        walk(root);
        for (let player: u32 = 0; player < players; player++) {
          const own = totals + <usize>player * ROWS * 16;
          let to = into + (((<usize>from * targets) + player * outputs + output) << 3);
          for (let row: u32 = 0; row < rows; row++) {
            const total = v128.load(own + ((<usize>row) << 4));
            store<f64>(to, f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1));
            to += (<usize>targets) << 3;
          }
        }
      }
    }
  }
}

// A frame: [node, state, place of its player on the path, players on the path, rows that go left, mask before, mask
// after, –, cover before (f64)].
function walk(root: u32): void {
  if (load<i32>(nodes + <usize>root * NODE) < 0) return;
  for (let row: u32 = 0; row < rows; row++) {
    for (let pair: u32 = 0; pair < pairs; pair++) {
      v128.store(products + <usize>row * rowBytes + ((<usize>pair) << 4), f64x2.splat(1));
    }
  }
  store<u32>(frames, root);
  store<u32>(frames, 0, 4);
  store<u32>(frames, 0, 12);
  let level: i32 = 0;
  while (level >= 0) {
    const frame = frames + <usize>level * FRAME;
    const node = nodes + <usize>load<u32>(frame) * NODE;
    const count = load<u32>(frame, 12);
    let state = load<u32>(frame, 4);
    if (state == 0) open(frame, node, count);
    else close(frame, level, state == 1);
    // Leaves are done in place; an inner child is walked through before the next.
    let deeper = false;
    while (state < 2) {
      const left = state == 0;
      state++;
      const child = left ? load<u32>(node, 12) : load<u32>(node, 16);
      const fresh = load<u32>(frame, 8) == count;
      enter(frame, level, left);
      const childNode = nodes + <usize>child * NODE;
      if (load<i32>(childNode) < 0) {
        leaf(frame, level, childNode, left);
        continue;
      }
      descend(frame, level);
      const next = frame + FRAME;
      store<u32>(next, child);
      store<u32>(next, 0, 4);
      store<u32>(next, count + u32(fresh), 12);
      store<u32>(frame, state, 4);
      deeper = true;
      break;
    }
    if (deeper) {
      level++;
      continue;
    }
    const place = load<u32>(frame, 8);
    store<f64>(pathCovers + ((<usize>place) << 3), load<f64>(frame, 32));
    store<u32>(pathMasks + ((<usize>place) << 2), load<u32>(frame, 20));
    // The state of the frame above says which of its children this was.
    level--;
  }
}

/** Finds a node's player on the path and which rows go left. */
function open(frame: usize, node: usize, count: u32): void {
  const player = load<u32>(node, 20);
  let place: u32 = 0;
  while (place < count && load<u32>(pathPlayers + ((<usize>place) << 2)) != player) place++;
  if (place == count) {
    store<u32>(pathPlayers + ((<usize>place) << 2), player);
    store<f64>(pathCovers + ((<usize>place) << 3), 1);
    store<u32>(pathMasks + ((<usize>place) << 2), everyone);
  }
  store<u32>(frame, place, 8);
  store<u32>(frame, load<u32>(pathMasks + ((<usize>place) << 2)), 20);
  store<f64>(frame, load<f64>(pathCovers + ((<usize>place) << 3)), 32);
  const column = x + ((<usize>load<u32>(node) * xRows) << 2);
  let goes: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) goes |= u32(goesLeft(node, load<f32>(column + ((<usize>row) << 2)))) << row;
  store<u32>(frame, goes, 16);
}

/** Takes a decision: the path's cover and mask after it, how P changes, and what S will count for. */
function enter(frame: usize, level: i32, left: bool): void {
  const place = <usize>load<u32>(frame, 8);
  const before = load<f64>(frame, 32);
  const share = load<f64>(covers + ((<usize>load<u32>(frame)) << 4) + (left ? 0 : 8));
  const after = before * share;
  const goes = load<u32>(frame, 16);
  const mask = load<u32>(frame, 20) & (left ? goes : ~goes);
  store<f64>(pathCovers + (place << 3), after);
  store<u32>(pathMasks + (place << 2), mask);
  store<u32>(frame, mask, 24);
  const one = f64x2.splat(1);
  const fall = f64x2.splat(before > 0 ? share : 0);
  const own = changes + <usize>level * 2 * rowBytes;
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const t = v128.load(quadrature + 2 * at);
    const weight = v128.load(quadrature + 2 * at, 16);
    const rest = f64x2.sub(one, t);
    const met = f64x2.add(t, f64x2.mul(f64x2.splat(after), rest));
    const inverse = f64x2.div(one, f64x2.add(t, f64x2.mul(f64x2.splat(before), rest)));
    v128.store(ratios + at, f64x2.mul(met, inverse));
    v128.store(ratios + rowBytes + at, f64x2.mul(f64x2.mul(f64x2.splat(after), rest), inverse));
    v128.store(ratios + 2 * rowBytes + at, fall);
    const counted = f64x2.mul(f64x2.splat(1 - before), inverse);
    v128.store(own + at, f64x2.mul(weight, f64x2.sub(f64x2.div(f64x2.splat(1 - after), met), counted)));
    v128.store(own + rowBytes + at, f64x2.mul(weight, f64x2.sub(f64x2.div(f64x2.splat(-1), rest), counted)));
  }
}

/** 0 where a row meets the conditions still, 1 where no longer, 2 where it had not before. */
@inline function fate(before: u32, after: u32, row: u32): usize {
  return 2 - ((before >> row) & 1) - ((after >> row) & 1);
}

/** P of the child. */
function descend(frame: usize, level: i32): void {
  const before = load<u32>(frame, 20), after = load<u32>(frame, 24);
  let from = products + (<usize>level * ROWS) * rowBytes;
  let to = from + <usize>ROWS * rowBytes;
  for (let row: u32 = 0; row < rows; row++) {
    const ratio = ratios + fate(before, after, row) * rowBytes;
    for (let at: usize = 0; at < rowBytes; at += 16) {
      v128.store(to + at, f64x2.mul(v128.load(from + at), v128.load(ratio + at)));
    }
    from += rowBytes;
    to += rowBytes;
  }
}

/** A child that is a leaf: its P times its value is its S, which is counted at once. */
function leaf(frame: usize, level: i32, child: usize, left: bool): void {
  let value: f64 = 0;
  const last = load<u32>(child, 16);
  for (let entry = load<u32>(child, 12); entry < last; entry++) {
    if (load<u32>(leafOutputs + ((<usize>entry) << 2)) == output) value += load<f64>(leafValues + ((<usize>entry) << 3));
  }
  const factor = f64x2.splat(value);
  const before = load<u32>(frame, 20), after = load<u32>(frame, 24);
  let from = products + (<usize>level * ROWS) * rowBytes;
  let into = sums + (<usize>level * ROWS) * rowBytes;
  let total = totals + <usize>load<u32>(pathPlayers + ((<usize>load<u32>(frame, 8)) << 2)) * ROWS * 16;
  const own = changes + <usize>level * 2 * rowBytes;
  for (let row: u32 = 0; row < rows; row++) {
    const which = fate(before, after, row);
    const ratio = ratios + which * rowBytes;
    if (which == 2) {
      for (let at: usize = 0; at < rowBytes; at += 16) {
        const sum = f64x2.mul(f64x2.mul(v128.load(from + at), v128.load(ratio + at)), factor);
        v128.store(into + at, left ? sum : f64x2.add(v128.load(into + at), sum));
      }
    } else {
      const change = own + which * rowBytes;
      let counted = v128.load(total);
      for (let at: usize = 0; at < rowBytes; at += 16) {
        const sum = f64x2.mul(f64x2.mul(v128.load(from + at), v128.load(ratio + at)), factor);
        counted = f64x2.add(counted, f64x2.mul(sum, v128.load(change + at)));
        v128.store(into + at, left ? sum : f64x2.add(v128.load(into + at), sum));
      }
      v128.store(total, counted);
    }
    from += rowBytes;
    into += rowBytes;
    total += 16;
  }
}

/** Back from an inner child: counts its S for the decision that led to it, and adds it to this node's. */
function close(frame: usize, level: i32, left: bool): void {
  const before = load<u32>(frame, 20), after = load<u32>(frame, 24);
  let into = sums + (<usize>level * ROWS) * rowBytes;
  let from = into + <usize>ROWS * rowBytes;
  let total = totals + <usize>load<u32>(pathPlayers + ((<usize>load<u32>(frame, 8)) << 2)) * ROWS * 16;
  const own = changes + <usize>level * 2 * rowBytes;
  for (let row: u32 = 0; row < rows; row++) {
    const which = fate(before, after, row);
    if (which < 2) {
      const change = own + which * rowBytes;
      let counted = v128.load(total);
      for (let at: usize = 0; at < rowBytes; at += 16) counted = f64x2.add(counted, f64x2.mul(v128.load(from + at), v128.load(change + at)));
      v128.store(total, counted);
    }
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const sum = v128.load(from + at);
      v128.store(into + at, left ? sum : f64x2.add(v128.load(into + at), sum));
    }
    from += rowBytes;
    into += rowBytes;
    total += 16;
  }
}

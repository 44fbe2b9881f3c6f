// The Shapley values (and interactions) that a leaf of value 1 gives, for every pattern of its d players: bit i of a
// pattern tells whether the row meets the conditions of player i. All are integrals of polynomials over [0, 1], taken
// exactly by Gauss-Legendre nodes t of weight w: a row in which each player comes from x with chance t.

/** Bytes of the nodes for one number of players: 16 pairs [t, t', w, w']. */
export const NODES: usize = 512;

/** Pairs of nodes that d players need: exact for polynomials of degree d − 1. */
@inline export function nodePairs(players: u32): u32 {
  return ((players + 1) / 2 + 1) / 2;
}

// Arrays of f64[2^d] that a leaf is read from, `size` bytes each; W is v128[2^d].
let a: usize = 0, b: usize = 0, g: usize = 0;
let a2: usize = 0, b2: usize = 0, k2: usize = 0, m: usize = 0, n: usize = 0;
let w: usize = 0;

/** Lays the arrays out in scratch of 80 bytes × patterns. */
export function useScratch(scratch: usize, patterns: u32): void {
  const size = (<usize>patterns) << 3;
  a = scratch;
  b = a + size;
  g = b + size;
  a2 = g + size;
  b2 = a2 + size;
  k2 = b2 + size;
  m = k2 + size;
  n = m + size;
  w = n + size;
}

function clear(patterns: u32): void {
  memory.fill(a, 0, <usize>(w - a));
}

@inline function addAt(array: usize, index: u32, value: v128): void {
  const at = array + ((<usize>index) << 3);
  store<f64>(at, load<f64>(at) + (f64x2.extract_lane(value, 0) + f64x2.extract_lane(value, 1)));
}

@inline function at(array: usize, index: u32): f64 {
  return load<f64>(array + ((<usize>index) << 3));
}

/** t^count for small counts. */
@inline function power(t: v128, count: u32): v128 {
  let value = f64x2.splat(1);
  for (let k: u32 = 0; k < count; k++) value = f64x2.mul(value, t);
  return value;
}

/**
 * Interventional. shares: f64[2^d], how much of the background meets exactly each pattern; powers: scratch of 2 KB.
 *
 * A row of pattern p and a background row that misses the players A reach the leaf together exactly where A ⊆ p; of the
 * players, those in A count for the row, those out of p against it, the others not at all. With a = |A|, b = d − |p|:
 * φ_i = Σ_A share(A) ∫ t^(a−1) (1−t)^b for i in p, over the A with i, and −Σ_A share(A) ∫ t^a (1−t)^(b−1) for i out of p.
 * W(q) = Σ_{A ⊆ q} share(A) t^|A| is a subset transform, and a sum over the A with i is W(p) − W(p without i).
 */
export function fillInterventional(shares: usize, players: u32, nodes: usize, powers: usize, second: bool): void {
  const patterns: u32 = 1 << players;
  const full = patterns - 1;
  clear(patterns);
  const pairs = nodePairs(players);
  for (let pair: u32 = 0; pair < pairs; pair++) {
    const t = v128.load(nodes + ((<usize>pair) << 5));
    const weight = v128.load(nodes + ((<usize>pair) << 5), 16);
    const rest = f64x2.sub(f64x2.splat(1), t);
    // t^k, then w (1−t)^k, for k from 0 to d.
    const falls = powers + 512;
    let rise = f64x2.splat(1);
    let fall = weight;
    for (let k: u32 = 0; k <= players; k++) {
      v128.store(powers + ((<usize>k) << 4), rise);
      v128.store(falls + ((<usize>k) << 4), fall);
      rise = f64x2.mul(rise, t);
      fall = f64x2.mul(fall, rest);
    }
    for (let q: u32 = 0; q < patterns; q++) {
      const share = v128.load64_splat(shares + ((<usize>(q ^ full)) << 3));
      v128.store(w + ((<usize>q) << 4), f64x2.mul(share, v128.load(powers + ((<usize>popcnt(q)) << 4))));
    }
    for (let step: u32 = 1; step < patterns; step <<= 1) {
      for (let from: u32 = 0; from < patterns; from += 2 * step) {
        let low = w + ((<usize>from) << 4);
        let high = low + ((<usize>step) << 4);
        for (const end = high; low < end; low += 16, high += 16) v128.store(high, f64x2.add(v128.load(high), v128.load(low)));
      }
    }
    const inverse = f64x2.div(f64x2.splat(1), t);
    const square = f64x2.mul(inverse, inverse);
    for (let q: u32 = 0; q < patterns; q++) {
      const value = v128.load(w + ((<usize>q) << 4));
      const out = players - <u32>popcnt(q);
      const fallen = falls + ((<usize>out) << 4);
      const f0 = f64x2.mul(value, v128.load(fallen));
      addAt(a, q, f64x2.mul(f0, inverse));
      if (second) addAt(a2, q, f64x2.mul(f0, square));
      if (out < 1) continue;
      const f1 = f64x2.mul(value, v128.load(fallen - 16));
      addAt(g, q, f1);
      addAt(b, q, f64x2.mul(f1, inverse));
      if (!second) continue;
      addAt(b2, q, f64x2.mul(f1, square));
      if (out < 2) continue;
      const f2 = f64x2.mul(value, v128.load(fallen - 32));
      addAt(n, q, f2);
      addAt(m, q, f64x2.mul(f2, inverse));
      addAt(k2, q, f64x2.mul(f2, square));
    }
  }
}

/** φ of player i for pattern p, after fillInterventional. */
@inline export function interventional(p: u32, i: u32): f64 {
  const bit: u32 = 1 << i;
  return (p & bit) != 0 ? at(a, p) - at(b, p ^ bit) : -at(g, p);
}

/** Half the interaction of players i ≠ j for pattern p, after fillInterventional with `second`. */
@inline export function interventionalPair(p: u32, i: u32, j: u32): f64 {
  const one: u32 = 1 << i;
  const two: u32 = 1 << j;
  if ((p & one) == 0) {
    if ((p & two) == 0) return 0.5 * at(n, p);
    return -0.5 * (at(b, p) - at(m, p ^ two));
  }
  if ((p & two) == 0) return -0.5 * (at(b, p) - at(m, p ^ one));
  return 0.5 * (at(a2, p) - at(b2, p ^ one) - at(b2, p ^ two) + at(k2, p ^ one ^ two));
}

/**
 * Path-dependent. A player of cover share r meets its conditions with chance t + r (1−t) where the row does, else
 * r (1−t). covers: f64[2][d], the shares r and (1−r)/r (see `coverOdds`).
 *
 * With P(q) the product over all players, ∫ P(q) / (1−t) for i out of q is r_i times the integral without i: so one
 * array holds every player's value, −φ_i for i out of p, and φ_i · r_i / (1−r_i) at p without i for i in p.
 */
export function fillPathDependent(covers: usize, players: u32, nodes: usize, second: bool): void {
  const patterns: u32 = 1 << players;
  clear(patterns);
  const pairs = nodePairs(players);
  const one = f64x2.splat(1);
  for (let pair: u32 = 0; pair < pairs; pair++) {
    const t = v128.load(nodes + ((<usize>pair) << 5));
    const weight = v128.load(nodes + ((<usize>pair) << 5), 16);
    const rest = f64x2.sub(one, t);
    const start = f64x2.div(weight, rest);
    const square = f64x2.div(one, rest);
    v128.store(w, start);
    for (let i: u32 = 0; i < players; i++) {
      const out = f64x2.mul(v128.load64_splat(covers + ((<usize>i) << 3)), rest);
      const met = f64x2.add(t, out);
      let low = w;
      let high = w + ((<usize>1) << (i + 4));
      for (const end = high; low < end; low += 16, high += 16) {
        const value = v128.load(low);
        v128.store(high, f64x2.mul(value, met));
        v128.store(low, f64x2.mul(value, out));
      }
    }
    for (let q: u32 = 0; q < patterns; q++) {
      const value = v128.load(w + ((<usize>q) << 4));
      addAt(g, q, value);
      if (second) addAt(n, q, f64x2.mul(value, square));
    }
  }
}

/** φ of player i for pattern p, after fillPathDependent; odds are f64[d] of (1−r)/r. */
@inline export function pathDependent(p: u32, i: u32, odds: usize): f64 {
  const bit: u32 = 1 << i;
  return (p & bit) != 0 ? at(odds, i) * at(g, p ^ bit) : -at(g, p);
}

/** Half the interaction of players i ≠ j for pattern p, after fillPathDependent with `second`. */
@inline export function pathDependentPair(p: u32, i: u32, j: u32, odds: usize): f64 {
  const one: u32 = 1 << i;
  const two: u32 = 1 << j;
  if ((p & one) == 0) {
    if ((p & two) == 0) return 0.5 * at(n, p);
    return -0.5 * at(odds, j) * at(n, p ^ two);
  }
  if ((p & two) == 0) return -0.5 * at(odds, i) * at(n, p ^ one);
  return 0.5 * at(odds, i) * at(odds, j) * at(n, p ^ one ^ two);
}

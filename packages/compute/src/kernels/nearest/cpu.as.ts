// Entries of the nearest kernel. Rows are packed in blocks of eight: f32[blocks][columns][8].

/** What no distance reaches. */
const NONE: f32 = 3.4028234663852886e38;
const NO_INDEX: u32 = 0xffffffff;
/** Columns after which pairs that are already too far apart are given up: sums of squares only grow. */
const SLAB: u32 = 32;

/**
 * packed: f32[blocks][columns][8] of a table; an item is a block. Rows beyond the last are NaN, which is near to nothing.
 * odd: u32[rows], 0, or 1 + 2 * column of the first value that is infinite, 2 + 2 * column of one that is NaN.
 */
export function nearestPack(
  table: usize,
  rows: u32,
  columns: u32,
  packed: usize,
  odd: usize,
  begin: u32,
  end: u32,
): void {
  for (let block = begin; block < end; block++) {
    const first = block << 3;
    const here = min<u32>(8, rows - first);
    let out = packed + <usize>block * (<usize>columns << 5);
    memory.fill(odd + (<usize>first << 2), 0, <usize>here << 2);
    for (let column: u32 = 0; column < columns; column++) {
      const source = table + ((<usize>column * <usize>rows + <usize>first) << 2);
      v128.store(out, f32x4.splat(NaN));
      v128.store(out, f32x4.splat(NaN), 16);
      for (let lane: u32 = 0; lane < here; lane++) {
        const value = load<f32>(source + (<usize>lane << 2));
        store<f32>(out + (<usize>lane << 2), value);
        if (value - value != 0) {
          const at = odd + (<usize>(first + lane) << 2);
          if (load<u32>(at) == 0) store<u32>(at, 2 * column + (value != value ? 2 : 1));
        }
      }
      out += 32;
    }
  }
}

/**
 * The k references nearest to each query, for the blocks first + begin, ... of packed queries: distances f32 and indexes
 * u32, [8 * items][k]. scales: f32[columns], or 0 where all are 1. References are taken `tile` blocks at a time, which
 * stay in the cache while all queries of the range meet them.
 */
export function nearestSearch(
  queries: usize,
  first: u32,
  references: usize,
  blocks: u32,
  columns: u32,
  scales: usize,
  k: u32,
  exclude: u32,
  tile: u32,
  distances: usize,
  indexes: usize,
  begin: u32,
  end: u32,
): void {
  const stride = <usize>columns << 5;
  const list = <usize>k << 2;
  for (let at = <usize>begin * 8 * list; at < <usize>end * 8 * list; at += 4) {
    store<f32>(distances + at, NONE);
    store<u32>(indexes + at, NO_INDEX);
  }
  for (let from: u32 = 0; from < blocks; from += tile) {
    const until = min<u32>(blocks, from + tile);
    for (let item = begin; item < end; item++) {
      const query = queries + <usize>(first + item) * stride;
      for (let half: u32 = 0; half < 8; half += 4) {
        const own = (item << 3) + half;
        const self = exclude ? (first << 3) + own : NO_INDEX;
        const offset = <usize>own * list;
        for (let block = from; block < until; block++) {
          const reference = references + <usize>block * stride;
          const at = query + (<usize>half << 2);
          meet(at, reference, columns, scales, k, block << 3, self, distances + offset, indexes + offset);
        }
      }
    }
  }
}

/** Four queries and a block of references. `self` is the reference that the first query does not count; then self + 1. */
@inline
function meet(
  query: usize,
  reference: usize,
  columns: u32,
  scales: usize,
  k: u32,
  base: u32,
  self: u32,
  distances: usize,
  indexes: usize,
): void {
  const list = <usize>k << 2;
  const second = distances + list;
  const third = second + list;
  const fourth = third + list;
  const last = list - 4;
  const t0 = v128.load32_splat(distances + last);
  const t1 = v128.load32_splat(second + last);
  const t2 = v128.load32_splat(third + last);
  const t3 = v128.load32_splat(fourth + last);
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  let column: u32 = 0;
  do {
    const until = min<u32>(columns, column + SLAB);
    if (scales == 0) {
      for (; column < until; column++) {
        const a = v128.load(reference);
        const b = v128.load(reference, 16);
        let q = v128.load32_splat(query);
        let d = f32x4.sub(q, a);
        let e = f32x4.sub(q, b);
        a0 = f32x4.add(a0, f32x4.mul(d, d));
        b0 = f32x4.add(b0, f32x4.mul(e, e));
        q = v128.load32_splat(query, 4);
        d = f32x4.sub(q, a);
        e = f32x4.sub(q, b);
        a1 = f32x4.add(a1, f32x4.mul(d, d));
        b1 = f32x4.add(b1, f32x4.mul(e, e));
        q = v128.load32_splat(query, 8);
        d = f32x4.sub(q, a);
        e = f32x4.sub(q, b);
        a2 = f32x4.add(a2, f32x4.mul(d, d));
        b2 = f32x4.add(b2, f32x4.mul(e, e));
        q = v128.load32_splat(query, 12);
        d = f32x4.sub(q, a);
        e = f32x4.sub(q, b);
        a3 = f32x4.add(a3, f32x4.mul(d, d));
        b3 = f32x4.add(b3, f32x4.mul(e, e));
        query += 32;
        reference += 32;
      }
    } else {
      for (; column < until; column++) {
        const s = v128.load32_splat(scales + (<usize>column << 2));
        const a = v128.load(reference);
        const b = v128.load(reference, 16);
        let q = v128.load32_splat(query);
        let d = f32x4.mul(f32x4.sub(q, a), s);
        let e = f32x4.mul(f32x4.sub(q, b), s);
        a0 = f32x4.add(a0, f32x4.mul(d, d));
        b0 = f32x4.add(b0, f32x4.mul(e, e));
        q = v128.load32_splat(query, 4);
        d = f32x4.mul(f32x4.sub(q, a), s);
        e = f32x4.mul(f32x4.sub(q, b), s);
        a1 = f32x4.add(a1, f32x4.mul(d, d));
        b1 = f32x4.add(b1, f32x4.mul(e, e));
        q = v128.load32_splat(query, 8);
        d = f32x4.mul(f32x4.sub(q, a), s);
        e = f32x4.mul(f32x4.sub(q, b), s);
        a2 = f32x4.add(a2, f32x4.mul(d, d));
        b2 = f32x4.add(b2, f32x4.mul(e, e));
        q = v128.load32_splat(query, 12);
        d = f32x4.mul(f32x4.sub(q, a), s);
        e = f32x4.mul(f32x4.sub(q, b), s);
        a3 = f32x4.add(a3, f32x4.mul(d, d));
        b3 = f32x4.add(b3, f32x4.mul(e, e));
        query += 32;
        reference += 32;
      }
    }
    const near01 = v128.or(
      v128.or(f32x4.lt(a0, t0), f32x4.lt(b0, t0)),
      v128.or(f32x4.lt(a1, t1), f32x4.lt(b1, t1)),
    );
    const near23 = v128.or(
      v128.or(f32x4.lt(a2, t2), f32x4.lt(b2, t2)),
      v128.or(f32x4.lt(a3, t3), f32x4.lt(b3, t3)),
    );
    if (!v128.any_true(v128.or(near01, near23))) return;
  } while (column < columns);
  const own = self == NO_INDEX ? 0 : 1;
  offer(a0, b0, t0, base, self, distances, indexes, k);
  offer(a1, b1, t1, base, self + own, second, indexes + list, k);
  offer(a2, b2, t2, base, self + 2 * own, third, indexes + 2 * list, k);
  offer(a3, b3, t3, base, self + 3 * own, fourth, indexes + 3 * list, k);
}

@inline
function offer(a: v128, b: v128, t: v128, base: u32, self: u32, distances: usize, indexes: usize, k: u32): void {
  if (v128.any_true(v128.or(f32x4.lt(a, t), f32x4.lt(b, t)))) offerEach(a, b, base, self, distances, indexes, k);
}

function offerEach(a: v128, b: v128, base: u32, self: u32, distances: usize, indexes: usize, k: u32): void {
  insert(f32x4.extract_lane(a, 0), base, self, distances, indexes, k);
  insert(f32x4.extract_lane(a, 1), base + 1, self, distances, indexes, k);
  insert(f32x4.extract_lane(a, 2), base + 2, self, distances, indexes, k);
  insert(f32x4.extract_lane(a, 3), base + 3, self, distances, indexes, k);
  insert(f32x4.extract_lane(b, 0), base + 4, self, distances, indexes, k);
  insert(f32x4.extract_lane(b, 1), base + 5, self, distances, indexes, k);
  insert(f32x4.extract_lane(b, 2), base + 6, self, distances, indexes, k);
  insert(f32x4.extract_lane(b, 3), base + 7, self, distances, indexes, k);
}

/** Into the ascending list, behind its equals: these have lower indexes, as references come in their order. */
function insert(distance: f32, index: u32, self: u32, distances: usize, indexes: usize, k: u32): void {
  let at = <usize>(k - 1) << 2;
  if (!(distance < load<f32>(distances + at)) || index == self) return;
  for (; at > 0; at -= 4) {
    const before = load<f32>(distances + at - 4);
    if (before <= distance) break;
    store<f32>(distances + at, before);
    store<u32>(indexes + at, load<u32>(indexes + at - 4));
  }
  store<f32>(distances + at, distance);
  store<u32>(indexes + at, index);
}

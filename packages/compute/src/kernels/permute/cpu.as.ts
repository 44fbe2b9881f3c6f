import { hypergeometric } from "../../random/hypergeometric.as";
import { start } from "../../random/philox.as";

/**
 * margins: f64[rows + columns], row margins first; scratch: f64[items * columns]; out: u32[items * rows * columns].
 * Item i is replicate first + i.
 */
export function permute(
  margins: usize,
  rows: u32,
  columns: u32,
  scratch: usize,
  out: usize,
  first: u32,
  seed: f64,
  stream: f64,
  begin: u32,
  end: u32,
): void {
  const columnMargins = margins + (<usize>rows << 3);
  // No two threads begin at one item, so each has a piece of its own.
  const counts = scratch + ((<usize>begin * columns) << 3);
  let to = out + ((<usize>begin * rows * columns) << 2);
  let total: f64 = 0;
  for (let row: u32 = 0; row < rows; row++) total += load<f64>(margins + (<usize>row << 3));
  for (let item = begin; item < end; item++) {
    start(seed, stream, first + item);
    memory.copy(counts, columnMargins, <usize>columns << 3);
    let left = total;
    for (let row: u32 = 0; row < rows; row++) {
      const size = load<f64>(margins + (<usize>row << 3));
      let need = size;
      let rest = left;
      for (let column: u32 = 0; column < columns; column++) {
        const at = counts + (<usize>column << 3);
        const count = load<f64>(at);
        rest -= count;
        const drawn = hypergeometric(count, rest, need);
        store<u32>(to, <u32>drawn);
        to += 4;
        store<f64>(at, count - drawn);
        need -= drawn;
      }
      left -= size;
    }
  }
}

/** A number below `size` for each half: see shuffled-index.ts. */
@inline function mixed(half: v128, key: v128, size: v128): v128 {
  let hash = i32x4.mul(i32x4.add(half, key), i32x4.splat(0x7feb352d));
  hash = v128.xor(hash, i32x4.shr_u(hash, 15));
  hash = i32x4.mul(hash, i32x4.splat(<i32>0x846ca68b));
  const low = i32x4.shr_u(i32x4.mul(v128.and(hash, i32x4.splat(0xffff)), size), 16);
  return i32x4.shr_u(i32x4.add(i32x4.mul(i32x4.shr_u(hash, 16), size), low), 16);
}

/** (half + step) modulo size, both below it: the smaller of the sum and what wraps round below 0. */
@inline function stepped(half: v128, step: v128, size: v128): v128 {
  const sum = i32x4.add(half, step);
  return i32x4.min_u(sum, i32x4.sub(sum, size));
}

/** One index through the network, for the few that come out beyond the rows. */
function walked(keys: usize, index: u32, rows: u32, left: u32, right: u32): u32 {
  const lefts = i32x4.splat(left);
  const rights = i32x4.splat(right);
  do {
    let high = i32x4.splat(index / right);
    let low = i32x4.splat(index % right);
    for (let round: usize = 0; round < 48; round += 8) {
      high = stepped(high, mixed(low, v128.load32_splat(keys + round), lefts), lefts);
      low = stepped(low, mixed(high, v128.load32_splat(keys + round, 4), rights), rights);
    }
    index = <u32>i32x4.extract_lane(high, 0) * right + <u32>i32x4.extract_lane(low, 0);
  } while (index >= rows);
  return index;
}

/**
 * out: u32[], from `at` on the images of the rows first, first + 1, ...; keys: u32[13]. Eight rows at once, so that the
 * multiplications of one vector need not wait for those of the other.
 */
export function shuffleIndexes(
  keys: usize,
  out: usize,
  at: u32,
  first: u32,
  rows: u32,
  left: u32,
  right: u32,
  begin: u32,
  end: u32,
): void {
  const lefts = i32x4.splat(left);
  const rights = i32x4.splat(right);
  const edge = i32x4.splat(rows);
  const swap = load<u32>(keys, 48);
  const swaps = i32x4.splat(swap);
  const target = out + (<usize>at << 2);
  const whole = begin + ((end - begin) & ~7);
  // The halves of eight rows that follow each other, moved on by eight in each turn.
  let highA = i32x4.splat(0);
  let lowA = i32x4(0, 1, 2, 3);
  let highB = i32x4.splat(0);
  let lowB = i32x4(4, 5, 6, 7);
  if (begin < whole) {
    const start = first + begin;
    highA = i32x4.splat(start / right);
    highB = highA;
    lowA = i32x4.add(lowA, i32x4.splat(start % right));
    lowB = i32x4.add(lowB, i32x4.splat(start % right));
  }
  for (let row = begin; row < whole; row += 8) {
    // right >= 16, so that eight more pass its end at most once.
    const overA = i32x4.ge_u(lowA, rights);
    const overB = i32x4.ge_u(lowB, rights);
    lowA = i32x4.sub(lowA, v128.and(overA, rights));
    lowB = i32x4.sub(lowB, v128.and(overB, rights));
    highA = i32x4.sub(highA, overA);
    highB = i32x4.sub(highB, overB);
    let h0 = highA;
    let l0 = lowA;
    let h1 = highB;
    let l1 = lowB;
    for (let round: usize = 0; round < 48; round += 8) {
      const even = v128.load32_splat(keys + round);
      h0 = stepped(h0, mixed(l0, even, lefts), lefts);
      h1 = stepped(h1, mixed(l1, even, lefts), lefts);
      const odd = v128.load32_splat(keys + round, 4);
      l0 = stepped(l0, mixed(h0, odd, rights), rights);
      l1 = stepped(l1, mixed(h1, odd, rights), rights);
    }
    const i0 = i32x4.add(i32x4.mul(h0, rights), l0);
    const i1 = i32x4.add(i32x4.mul(h1, rights), l1);
    const place = target + (<usize>row << 2);
    const two = i32x4.splat(2);
    v128.store(place, v128.xor(i0, v128.and(i32x4.lt_u(i0, two), swaps)));
    v128.store(place, v128.xor(i1, v128.and(i32x4.lt_u(i1, two), swaps)), 16);
    if (v128.any_true(v128.or(i32x4.ge_u(i0, edge), i32x4.ge_u(i1, edge)))) {
      for (let lane: usize = 0; lane < 32; lane += 4) {
        const index = load<u32>(place + lane);
        if (index < rows) continue;
        const image = walked(keys, index, rows, left, right);
        store<u32>(place + lane, image < 2 ? image ^ swap : image);
      }
    }
    lowA = i32x4.add(lowA, i32x4.splat(8));
    lowB = i32x4.add(lowB, i32x4.splat(8));
  }
  for (let row = whole; row < end; row++) {
    const image = walked(keys, first + row, rows, left, right);
    store<u32>(target + (<usize>row << 2), image < 2 ? image ^ swap : image);
  }
}

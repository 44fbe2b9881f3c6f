// Philox4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405), four blocks at once. Mirrored by philox-stream.ts.
const M0: u32 = 0xd2511f53;
const M1: u32 = 0xcd9e8d57;
const W0: u32 = 0x9e3779b9;
const W1: u32 = 0xbb67ae85;

/** Address of sixteen words that are this thread's own: the blocks `block - 4` to `block - 1`. */
let words: usize = 0;
let key0: u32 = 0;
let key1: u32 = 0;
let stream0: u32 = 0;
let stream1: u32 = 0;
let region: u32 = 0;
let block: u32 = 0;
/** Bytes of `words` used up. */
let used: usize = 64;

/** Once for each thread, before any kernel runs. scratch: 64 bytes that no other thread writes. */
export function startThread(scratch: usize): void {
  words = scratch;
}

/** Starts at counter region * 2^32 of (seed, stream): one region for each replicate. */
export function start(seed: f64, stream: f64, at: u32): void {
  const s = <u64>seed;
  const t = <u64>stream;
  key0 = <u32>s;
  key1 = <u32>(s >> 32);
  stream0 = <u32>t;
  stream1 = <u32>(t >> 32);
  region = at;
  block = 0;
  used = 64;
}

@inline function lows(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 0, 2, 4, 6);
}

@inline function highs(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 1, 3, 5, 7);
}

/** Stores the blocks of the counters `counter` to `counter + 3` as sixteen words at `out`. */
export function blocks(out: usize, seed0: u32, seed1: u32, stream0: u32, stream1: u32, counter: u64): void {
  const m0 = i32x4.splat(M0);
  const m1 = i32x4.splat(M1);
  let c0 = i32x4.add(i32x4.splat(<u32>counter), i32x4(0, 1, 2, 3));
  let c1 = i32x4.splat(<u32>(counter >> 32));
  // Lanes whose lower word has passed 2^32 carry: their mask is -1.
  c1 = i32x4.sub(c1, i32x4.lt_u(c0, i32x4.splat(<u32>counter)));
  let c2 = i32x4.splat(stream0);
  let c3 = i32x4.splat(stream1);
  let k0 = seed0;
  let k1 = seed1;
  for (let round = 0; round < 10; round++) {
    const a = i64x2.extmul_low_i32x4_u(c0, m0);
    const b = i64x2.extmul_high_i32x4_u(c0, m0);
    const c = i64x2.extmul_low_i32x4_u(c2, m1);
    const d = i64x2.extmul_high_i32x4_u(c2, m1);
    const n0 = v128.xor(v128.xor(highs(c, d), c1), i32x4.splat(k0));
    const n2 = v128.xor(v128.xor(highs(a, b), c3), i32x4.splat(k1));
    c1 = lows(c, d);
    c3 = lows(a, b);
    c0 = n0;
    c2 = n2;
    k0 += W0;
    k1 += W1;
  }
  // Transposed, so that words lie block after block.
  const p = v128.shuffle<u32>(c0, c1, 0, 4, 1, 5);
  const q = v128.shuffle<u32>(c0, c1, 2, 6, 3, 7);
  const r = v128.shuffle<u32>(c2, c3, 0, 4, 1, 5);
  const s = v128.shuffle<u32>(c2, c3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<u64>(p, r, 0, 2));
  v128.store(out, v128.shuffle<u64>(p, r, 1, 3), 16);
  v128.store(out, v128.shuffle<u64>(q, s, 0, 2), 32);
  v128.store(out, v128.shuffle<u64>(q, s, 1, 3), 48);
}

function refill(): void {
  blocks(words, key0, key1, stream0, stream1, (<u64>region << 32) | <u64>block);
  block += 4;
  used = 0;
}

/** Uniform on [0, 1) with 53 bits: the next two words, the first the lower. */
export function uniform(): f64 {
  if (used == 64) refill();
  const bits = load<u64>(words + used);
  used += 8;
  return <f64>(<i64>(bits >> 11)) * 1.1102230246251565e-16;
}

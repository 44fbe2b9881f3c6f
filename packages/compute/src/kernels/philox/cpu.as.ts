import { blocks } from "../../random/philox.as";

/** words: u32[4 * items]: the blocks of (seed, stream) from `counter` on; those of items begin to end are written. */
export function philoxWords(
  words: usize,
  seed0: u32,
  seed1: u32,
  stream0: u32,
  stream1: u32,
  counter0: u32,
  counter1: u32,
  begin: u32,
  end: u32,
): void {
  const start = (<u64>counter0 | (<u64>counter1 << 32)) + <u64>begin;
  const whole = begin + ((end - begin) & ~3);
  let counter = start;
  let at = words + (<usize>begin << 4);
  for (let item = begin; item < whole; item += 4) {
    blocks(at, seed0, seed1, stream0, stream1, counter);
    counter += 4;
    at += 64;
  }
  for (let item = whole; item < end; item++) {
    block(at, seed0, seed1, stream0, stream1, counter);
    counter++;
    at += 16;
  }
}

/** One block, without writing beyond it. */
function block(out: usize, seed0: u32, seed1: u32, stream0: u32, stream1: u32, counter: u64): void {
  let c0 = <u32>counter;
  let c1 = <u32>(counter >> 32);
  let c2 = stream0;
  let c3 = stream1;
  let k0 = seed0;
  let k1 = seed1;
  for (let round = 0; round < 10; round++) {
    const p0 = <u64>c0 * 0xd2511f53;
    const p1 = <u64>c2 * 0xcd9e8d57;
    c0 = <u32>(p1 >> 32) ^ c1 ^ k0;
    c2 = <u32>(p0 >> 32) ^ c3 ^ k1;
    c1 = <u32>p1;
    c3 = <u32>p0;
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  store<u32>(out, c0);
  store<u32>(out, c1, 4);
  store<u32>(out, c2, 8);
  store<u32>(out, c3, 12);
}

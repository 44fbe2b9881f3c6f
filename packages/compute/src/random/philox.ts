import { AssayError } from "@assay/schema";

export type PhiloxBlock = readonly [number, number, number, number];

/**
 * One block of Philox4x32-10: four 32-bit words, a pure function of its arguments.
 * Key = seed, counter = (counter, stream), low words first.
 * @param seed integer from 0 to 2^53 − 1
 * @param stream integer from 0 to 2^53 − 1
 * @param counter integer from 0 to 2^64 − 1
 * @see Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011. doi:10.1145/2063384.2063405
 */
export function philox(seed: number, stream: number, counter: bigint | number): PhiloxBlock {
  checkSeed("philox", seed, stream);
  const [low, high] = splitCounter(counter);
  const [key0, key1] = splitInteger(seed);
  const [stream0, stream1] = splitInteger(stream);
  return philoxBlock(key0, key1, low, high, stream0, stream1);
}

/** The ten rounds themselves, on words. */
export function philoxBlock(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
): PhiloxBlock {
  let k0 = key0;
  let k1 = key1;
  let c0 = counter0;
  let c1 = counter1;
  let c2 = counter2;
  let c3 = counter3;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c2 = high0 ^ c3 ^ k1;
    c1 = low1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** Throws where a seed or stream is no integer from 0 to 2^53 − 1: other values would silently share a stream. */
export function checkSeed(where: string, seed: number, stream: number): void {
  for (const [name, value] of [
    ["seed", seed],
    ["stream", stream],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new AssayError("usage", `${where}: ${name} must be an integer from 0 to 2^53 − 1, got ${value}`);
    }
  }
}

/** Low and high 32 bits of a safe integer ≥ 0. */
export function splitInteger(value: number): readonly [number, number] {
  return [value >>> 0, Math.floor(value / 4294967296)];
}

/** Low and high 32 bits of a counter. */
export function splitCounter(counter: bigint | number): readonly [number, number] {
  if (typeof counter === "number") {
    if (!Number.isSafeInteger(counter) || counter < 0) {
      throw new AssayError("usage", `philox: counter must be an integer from 0, a bigint beyond 2^53, got ${counter}`);
    }
    return splitInteger(counter);
  }
  if (counter < 0n || counter >= 1n << 64n) {
    throw new AssayError("usage", `philox: counter must be from 0 to 2^64 − 1, got ${counter}`);
  }
  return [Number(counter & 0xffffffffn), Number(counter >> 32n)];
}

/** The upper 32 bits of a 64-bit product, without BigInt. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + Math.floor(middle / 65536) + (other >>> 16);
}

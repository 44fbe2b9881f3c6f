import { AssayError } from "@assay/schema";
import { checkSeed, philox } from "../../random/philox.ts";

/** Rounds of the network, each with a key of its own. */
export const shuffleRounds = 12;

/** Below this, pairs of indexes would keep a trace of having shared a half. */
const leastSide = 16;

/** What a shuffle of `rows` indexes is made of: halves below `left` and `right`, keys of the rounds, then 0 or 1. */
export interface ShufflePlan {
  readonly rows: number;
  readonly left: number;
  readonly right: number;
  /** u32[shuffleRounds + 1]. */
  readonly keys: Uint32Array;
}

/**
 * @param rows integer from 0 to 2^32 − 1
 * @throws AssayError usage for another seed, stream or number of rows
 */
export function planShuffle(where: string, rows: number, seed: number, stream: number): ShufflePlan {
  checkSeed(where, seed, stream);
  if (!Number.isInteger(rows) || rows < 0 || rows > 4294967295) {
    throw new AssayError("usage", `${where}: rows must be an integer from 0 to 4294967295, got ${rows}`);
  }
  const left = Math.max(leastSide, Math.ceil(Math.sqrt(rows)));
  // Counters no replicate reaches, with the number of rows in their lower half: shuffles of different lengths are
  // independent of each other too.
  const words = [0n, 1n, 2n, 3n].flatMap((block) =>
    philox(seed, stream, ((0x80000000n + block) << 32n) + BigInt(rows)),
  );
  const keys = Uint32Array.from(words.slice(0, shuffleRounds + 1));
  keys[shuffleRounds] = rows < 2 ? 0 : (keys[shuffleRounds] ?? 0) & 1;
  return { rows, left, right: Math.max(leastSide, Math.ceil(rows / left)), keys };
}

/** π(row) of a plan; `row` is an integer from 0, below the plan's rows. */
export function shuffleIndex({ rows, left, right, keys }: ShufflePlan, row: number): number {
  let index = row;
  do {
    let high = Math.floor(index / right);
    let low = index % right;
    for (let round = 0; round < shuffleRounds; round += 2) {
      high = wrapped(high + mixed(low, keys[round] ?? 0, left), left);
      low = wrapped(low + mixed(high, keys[round + 1] ?? 0, right), right);
    }
    index = high * right + low;
  } while (index >= rows);
  return index < 2 ? index ^ (keys[shuffleRounds] ?? 0) : index;
}

/**
 * Where a shuffle of `rows` indexes puts `row`: π(row), a bijection of 0 … rows − 1 that is a pure function of
 * (seed, stream, rows, row) and the same on every device. See `shuffledIndexes` for its make.
 * @throws AssayError usage for a row that is none of the rows
 */
export function shuffledIndex(seed: number, stream: number, rows: number, row: number): number {
  const plan = planShuffle("shuffledIndex", rows, seed, stream);
  if (!Number.isInteger(row) || row < 0 || row >= rows) {
    throw new AssayError("usage", `shuffledIndex: row must be an integer from 0, below ${rows}, got ${row}`);
  }
  return shuffleIndex(plan, row);
}

function wrapped(sum: number, size: number): number {
  return sum >= size ? sum - size : sum;
}

/** A number below `size` from half an index and a key: two multiplications mix (Wellons' lowbias32), a third scales. */
function mixed(half: number, key: number, size: number): number {
  let hash = Math.imul(half + key, 0x7feb352d);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x846ca68b);
  const scaled = (hash >>> 16) * size + Math.floor(((hash & 0xffff) * size) / 65536);
  return Math.floor(scaled / 65536);
}

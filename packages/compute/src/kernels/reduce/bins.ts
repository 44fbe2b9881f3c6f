import { type ExactSum, exactFromInteger } from "../../exact-sum.ts";

/** Which bin of a cell belongs to which top (a double's sign and exponent, its upper 12 bits): see cpu.as.ts. */
export interface Bins {
  /** Of each bin its top. */
  readonly tops: Uint16Array;
  /** u16[4096]: of each top that has a bin its number. */
  readonly places: Uint16Array;
}

export const mostTops = 4096;

/** All of them: then every top has a bin of the same number. */
export const allTops = new Uint8Array(mostTops).fill(1);

/** Bins for the tops that are marked: u8[4096], 1 or 0. */
export function binsAt(seen: Uint8Array): Bins {
  const tops = Uint16Array.from([...seen.keys()].filter((top) => seen[top]));
  const places = new Uint16Array(mostTops);
  for (const [bin, top] of tops.entries()) places[top] = bin;
  return { tops, places };
}

/** Σx and Σx² of a cell from its bins, u64[bins][8]. */
export function exactMoments({ tops }: Bins, words: BigUint64Array): { sum: ExactSum; squares: ExactSum } {
  let [sum, squares] = [0n, 0n];
  const halves = new Uint32Array(words.buffer, words.byteOffset, words.length * 2);
  for (const [bin, top] of tops.entries()) {
    const at = 16 * bin;
    if (!halves[at] && !halves[at + 1] && !halves[at + 2] && !halves[at + 3]) continue;
    const put = (word: number) => (words[bin * 8 + word] ?? 0n) + ((words[bin * 8 + word + 1] ?? 0n) << 32n);
    // In units of 2^-1074: those of e = 1, and of the subnormal numbers in the bins of 0x7ff.
    const e = top & 0x7ff;
    const shift = e === 0x7ff ? 0 : e - 1;
    const here = put(0) << BigInt(shift);
    sum += top < 0x800 ? here : -here;
    squares += ((put(2) << 54n) + (put(4) << 28n) + put(6)) << BigInt(2 * shift);
  }
  return { sum: exactFromInteger(sum, -1074), squares: exactFromInteger(squares, -2148) };
}

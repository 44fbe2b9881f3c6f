import type { Device } from "../../device.ts";
import { checkRanks } from "./check.ts";
import { ranksOnGpu } from "./on-gpu.ts";
import { ranksOnHost } from "./on-host.ts";

/** A column of codes, each below `size`. */
export interface RankCodes {
  readonly codes: Uint8Array | Uint16Array | Uint32Array;
  readonly size: number;
}

export interface RanksInput {
  /** float64[n]; NaN is missing. −0 is 0. */
  readonly scores: Float64Array;
  /** A second key: rows of one score and another weight are apart. NaN is missing; null: no weights. */
  readonly weights: Float64Array | null;
  /** What is counted apart at each score, such as the label; 0 is missing. */
  readonly strata: RankCodes;
  /** What is ranked apart, such as the group, each with a list of its own; null: all rows together. */
  readonly parts: RankCodes | null;
  /** Times each row stands for, integers from 0; null: once. */
  readonly counts: Float64Array | null;
  /** Whether the order of the rows is wanted. */
  readonly order: boolean;
}

/** Sorted lists, one for each part, laid end to end. Rows without a score, weight or stratum, or of 0 times, are left out. */
export interface Ranks {
  /** u32[parts]: entries of each list. */
  readonly sizes: Uint32Array;
  /** float64[entries]: rising in each list. */
  readonly scores: Float64Array;
  /** float64[entries]: rising at each score; null without weights. */
  readonly weights: Float64Array | null;
  /** The rows of each entry, stratum after stratum from code 1 on: [strata × entries]. Float64Array with counts. */
  readonly rows: Float64Array | Uint32Array;
  /** u32: the rows by part, score, weight and their own number; null where it was not asked for. */
  readonly order: Uint32Array | null;
}

/**
 * Sorts rows by score and folds those that tie, with the rows of each stratum: every threshold there is, and what lies
 * above and below it. Ties are exact, whatever their number; the same on every device and for any number of threads.
 *
 * On the cpu device rows are laid into stretches of scores that fit the processor's cache, and each is sorted there by
 * radix, digits that all rows share passed by. Memory besides the entries: 32 bytes a row, 16 more with weights, 8 with
 * counts.
 *
 * On a GPU row numbers are sorted by 32-bit words of their keys, four bits a pass: about 36 bytes a row, 8 more with
 * weights. With `counts` it runs on `device.host` whatever device is given: they are integers of 53 bits, which GPUs have
 * no atomic addition for.
 *
 * The floor is reading the scores and writing the entries once; with random doubles six to eight passes over 16 bytes a
 * row come between in the processor's cache, or fourteen over as many in a GPU's memory.
 * @throws AssayError data-too-large beyond 2^32 − 1 rows, or what the device holds; data-invalid for a stratum, part or
 *   count out of range
 */
export async function ranks(device: Device, input: RanksInput): Promise<Ranks> {
  checkRanks(input);
  return device === device.host || input.counts !== null ? ranksOnHost(device.host, input) : ranksOnGpu(device, input);
}

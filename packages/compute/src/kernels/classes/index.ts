import { AssayError } from "@assay/schema";
import type { Device } from "../../device.ts";
import { layKeys } from "./check.ts";
import { classesOnGpu } from "./on-gpu.ts";
import { classesOnHost } from "./on-host.ts";

export interface ClassesInput {
  /** Codes of n rows each; every code is below its column's size (levels + 1, as code 0 is "missing"). */
  readonly columns: readonly { readonly codes: Uint8Array | Uint16Array | Uint32Array; readonly size: number }[];
  readonly rows: number;
  /** Times each row stands for, integers from 0; null: once. A row of 0 times is of no class. */
  readonly counts: Float64Array | null;
  /** Whether the class of each row is wanted. */
  readonly classOf: boolean;
}

/** Equal rows gathered. Classes stand in the order of their first rows. */
export interface Classes {
  /** The first row of each class: what the class has in the columns is what this row has. */
  readonly firsts: Uint32Array;
  /** Rows of each class, each as often as it stands for. */
  readonly counts: Float64Array;
  /** The class of each row, `noClass` where it has none; null where it was not asked for. */
  readonly classOf: Uint32Array | null;
}

export const noClass = 0xffffffff;

/**
 * Gathers rows that have the same codes in all columns, as a database groups by columns: a hash table of open addressing
 * over the classes met so far, a power of two slots, at most half of them full. Without columns all rows are one class.
 * Exact, and the same on every device and for any number of threads. Shards merge by key: the codes of `firsts`.
 *
 * Memory: on the cpu device about 30 to 60 bytes for each class met (and 4 more for each 32-bit word of its key after the
 * first), whatever the number of rows, besides the results; on a GPU likewise, and 20 bytes for each of up to 2^24 rows at
 * once. A table that would not fit is refused.
 *
 * The floor is one random access to memory for each row (some 100 ns, of which a processor has several under way and a GPU
 * thousands), or to the cache where the classes are few; reading the codes is little beside it. With `counts` it runs on
 * `device.host` whatever device is given: they are integers of 53 bits, which GPUs have no atomic addition for.
 * @throws AssayError data-too-large beyond 2^32 − 2 rows or where the classes are too many for the device; data-invalid for
 *   a code or count out of range
 */
export async function classes(device: Device, input: ClassesInput): Promise<Classes> {
  const layout = layKeys(input);
  const onGpu = device !== device.host && input.counts === null;
  const found = onGpu ? await classesOnGpu(device, input, layout) : await classesOnHost(device.host, input, layout);
  let total = 0;
  for (const count of found.counts) total += count;
  if (total > Number.MAX_SAFE_INTEGER) {
    throw new AssayError(
      "data-too-large",
      `classes: the counts add up to ${total}; at most 2^53 − 1 are counted exactly`,
    );
  }
  return found;
}

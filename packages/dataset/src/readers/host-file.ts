import type { FileBytes } from "./text/file-bytes.ts";
import type { Hasher } from "./text/text-source.ts";

/** A data file as a host has it: on a disk, or chosen in a browser tab. */
export interface HostFile extends FileBytes {
  readonly sizeBytes: number;
  /** Its first bytes, up to 512. */
  readonly head: Uint8Array;
  /** The bytes as they lie on disk, from the first on; a chunk is valid until the next is asked for. */
  raw(onRaw?: (raw: Uint8Array, fraction: number) => void): AsyncIterable<Uint8Array>;
  /** The bytes [start, end) as they lie on disk, in a buffer of their own. */
  part(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** SHA-256 of bytes, by the host's fastest way. */
  hasher(): Hasher;
}

/** The bytes of a file, as a host gives them; decompressed where the file is gzip. */
export interface FileBytes {
  /** Base name, for messages. */
  readonly file: string;
  /**
   * From the first byte on; a chunk is valid until the next is asked for. `onRaw` sees the bytes as they lie on disk,
   * and their share of the file, 0 to 1.
   */
  chunks(onRaw?: (raw: Uint8Array, fraction: number) => void): AsyncIterable<Uint8Array>;
}

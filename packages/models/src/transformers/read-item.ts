import type { Digest } from "@assay/schema";

/** A file that the data name. */
export interface Item {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

/**
 * Reads a file that the data name, by its path from them.
 * @throws AssayError data-invalid for a path that leads elsewhere, not-found, data-too-large; each without the row
 */
export type ReadItem = (path: string) => Item;

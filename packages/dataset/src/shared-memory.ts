import type { Codes } from "./table.ts";

/** Zeroed memory that worker threads read without a copy, where the host has it. */
export function sharedBuffer(sizeBytes: number): ArrayBufferLike {
  return typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(sizeBytes) : new SharedArrayBuffer(sizeBytes);
}

export function sharedNumbers(length: number): Float64Array {
  return new Float64Array(sharedBuffer(length * 8));
}

/** The narrowest codes that hold 0 … `largest`, over shared memory. */
export function sharedCodes(length: number, largest: number): Codes {
  if (largest <= 0xff) return new Uint8Array(sharedBuffer(length));
  if (largest <= 0xffff) return new Uint16Array(sharedBuffer(length * 2));
  return new Uint32Array(sharedBuffer(length * 4));
}

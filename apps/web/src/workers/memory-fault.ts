import { AssayError } from "@assay/schema";

/** What browsers say where memory runs out, in words of their own: arrays, WebAssembly, and a heap that is full. */
const ranOut = /alloc|memory|array length|invalid (?:typed )?array|out of bounds size/i;

/** The error of memory that ran out, as one that says what to do; null for any other. */
export function memoryFault(name: string, message: string): AssayError | null {
  const isMemory = (name === "RangeError" || /\bRangeError\b/.test(message)) && ranOut.test(message);
  if (!isMemory && !/\bout of memory\b/i.test(message)) return null;
  return new AssayError("data-too-large", `this tab's memory does not suffice (${message})`);
}

import type { ModelFormat } from "./model.ts";

/** A model file's format: JSON begins with a brace, also inside a gzip; all else is read as ONNX, whose reader tells what it is not. */
export function formatOf(file: string, bytes: Uint8Array): ModelFormat {
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (gzip && /\.json\.gz$/i.test(file)) return "json";
  const blank = [0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf];
  const at = bytes.subarray(0, 64).findIndex((byte) => !blank.includes(byte));
  // "{L" is the binary JSON of XGBoost.
  return bytes[at] === 0x7b && bytes[at + 1] !== 0x4c ? "json" : "onnx";
}

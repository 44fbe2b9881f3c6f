import type { ModelFormat } from "./model.ts";

/** A model file's format: JSON begins with a brace, also inside a gzip; all else is read as ONNX, whose reader tells what it is not. */
export function formatOf(file: string, bytes: Uint8Array): ModelFormat {
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (gzip && /\.json\.gz$/i.test(file)) return "json";
  const first = bytes.subarray(0, 64).find((byte) => byte > 0x20);
  return first === 0x7b && (bytes[0] !== 0x7b || bytes[1] !== 0x4c) ? "json" : "onnx";
}

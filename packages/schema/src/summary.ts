import { canonicalJson, digestStream } from "./digest.ts";
import { AssayError } from "./error.ts";
import type { Digest } from "./ids.ts";

/**
 * What an audit's `measure` returns and `merge` folds: plain JSON values plus typed arrays.
 * Numbers in it must not depend on merge order: integers, or exact sums (see compute's ExactSum).
 */
export type SummaryValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int32Array
  | Float64Array
  | readonly SummaryValue[]
  | { readonly [key: string]: SummaryValue };

const typedArrays = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array, f64: Float64Array } as const;

/** Summary → JSON text. Typed arrays become `{"$f64": base64}` of their little-endian bytes; keys are sorted. */
export function encodeSummary(summary: SummaryValue): string {
  return canonicalJson(toJson(summary));
}

export function decodeSummary(text: string): SummaryValue {
  return fromJson(JSON.parse(text));
}

/**
 * The digest a report stores for an audit: SHA-256 of `encodeSummary`, the same for any shards, threads, device and host.
 * Hashed piece by piece, since a summary of millions of scores would not fit one text.
 */
export function digestSummary(summary: SummaryValue): Digest {
  const hash = digestStream();
  feed(summary, (piece) => hash.update(piece));
  return hash.digest();
}

/** Bytes of a typed array whose base64 is one piece: a multiple of three, so that pieces join without padding. */
const pieceBytes = 3 * (1 << 18);

/** The pieces of `encodeSummary`, in order. */
function feed(value: SummaryValue, emit: (piece: Uint8Array | string) => void): void {
  if (value === null || typeof value !== "object") {
    emit(canonicalJson(value));
  } else if (ArrayBuffer.isView(value)) {
    emit(`{"$${typeName(value)}":"`);
    for (let start = 0; start < value.byteLength; start += pieceBytes) {
      const size = Math.min(pieceBytes, value.byteLength - start);
      emit(base64Letters(new Uint8Array(value.buffer, value.byteOffset + start, size)));
    }
    emit('"}');
  } else if (Array.isArray(value)) {
    emit("[");
    for (const [index, item] of value.entries()) {
      if (index > 0) emit(",");
      feed(item, emit);
    }
    emit("]");
  } else {
    emit("{");
    // RFC 8785 orders keys by UTF-16 unit, as JavaScript's own sort does.
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [index, [key, item]] of entries.entries()) {
      emit(`${index > 0 ? "," : ""}${canonicalJson(key)}:`);
      feed(item, emit);
    }
    emit("}");
  }
}

function toJson(value: SummaryValue): unknown {
  if (value === null || typeof value !== "object") return value;
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { [`$${typeName(value)}`]: new TextDecoder().decode(base64Letters(bytes)) };
  }
  if (Array.isArray(value)) return value.map(toJson);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}

function typeName(view: ArrayBufferView): string {
  const found = Object.entries(typedArrays).find(([, type]) => view instanceof type);
  if (!found) throw new AssayError("internal", "summary: unknown typed array");
  return found[0];
}

function fromJson(value: unknown): SummaryValue {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string") {
    return value;
  }
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value === "object") {
    const entries = Object.entries(value);
    const only = entries.length === 1 ? entries[0] : undefined;
    if (only?.[0].startsWith("$") && typeof only[1] === "string") {
      const type = Object.entries(typedArrays).find(([name]) => `$${name}` === only[0])?.[1];
      if (type) return new type(fromBase64(only[1]));
    }
    return Object.fromEntries(entries.map(([key, item]) => [key, fromJson(item)]));
  }
  throw new AssayError("internal", `summary: unexpected ${typeof value}`);
}

const alphabet = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

/** The base64 letters of bytes, as ASCII. Little-endian hosts only: every platform that Node, browsers and CUDA run on is. */
function base64Letters(bytes: Uint8Array): Uint8Array {
  // Letters as bytes, decoded at once: btoa takes a string of the bytes first, ten times slower for large summaries.
  const letters = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let at = 0;
  for (let index = 0; index < bytes.length; index += 3) {
    const word = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    letters[at++] = alphabet[word >> 18] ?? 0;
    letters[at++] = alphabet[(word >> 12) & 63] ?? 0;
    letters[at++] = alphabet[(word >> 6) & 63] ?? 0;
    letters[at++] = alphabet[word & 63] ?? 0;
  }
  const padding = (3 - (bytes.length % 3)) % 3;
  letters.fill(61, letters.length - padding);
  return letters;
}

function fromBase64(text: string): ArrayBuffer {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes.buffer;
}

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";
import { AssayError } from "./error.ts";
import type { Digest } from "./ids.ts";

/** RFC 8785 (JCS) text of a JSON value. Throws on NaN, infinities and anything JSON has no form for. */
export function canonicalJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw new AssayError("internal", `canonical JSON: ${String(cause)}`, { cause });
  }
  if (text === undefined) throw new AssayError("internal", "canonical JSON: the value is undefined");
  return text;
}

/** SHA-256 over bytes, or over the UTF-8 form of a text. */
export function digestBytes(data: Uint8Array | string): Digest {
  return `sha256:${bytesToHex(sha256(typeof data === "string" ? utf8ToBytes(data) : data))}`;
}

/** SHA-256 over the RFC 8785 form of a JSON value. */
export function digestJson(value: unknown): Digest {
  return digestBytes(canonicalJson(value));
}

/** SHA-256 over pieces, in order; texts as UTF-8. */
export function digestStream(): { update(piece: Uint8Array | string): void; digest(): Digest } {
  const hash = sha256.create();
  return {
    update(piece) {
      hash.update(typeof piece === "string" ? utf8ToBytes(piece) : piece);
    },
    digest: () => `sha256:${bytesToHex(hash.digest())}`,
  };
}

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Faster than this nobody reads a form and writes what happened. */
export const leastFillMs = 3000;
/** A page that was left open longer is shown again, with what was written. */
export const longestFillMs = 24 * 3600 * 1000;

export type StampState = "good" | "invalid" | "too-early" | "too-late";

export interface Stamps {
  /** A stamp for a page that is shown now. */
  issue(token: string, now: number): string;
  check(token: string, stamp: string, now: number): StampState;
  /**
   * The sender's reference: the same for the same words under the same stamp, so that a page sent twice is one report. Other
   * words, from a page that a browser went back to, are another.
   */
  reference(stamp: string, words: string): string;
}

/**
 * Stamps are signed, so that a form must be fetched before it is sent, and tell when that was. They hold nothing of who fetched it.
 * No session stands behind a form: there is nothing that a forged request could misuse.
 */
export function openStamps(secret: string): Stamps {
  const key = createHmac("sha256", secret).update("feedback stamps").digest();
  const sign = (text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const compose = (token: string, nonce: string, issued: string): string =>
    `${nonce}.${issued}.${sign(`${token}.${nonce}.${issued}`).toString("base64url")}`;
  return {
    issue: (token, now) => compose(token, randomBytes(12).toString("base64url"), now.toString(36)),
    check(token, stamp, now) {
      const [nonce = "", issued = ""] = stamp.split(".");
      const [ours, theirs] = [Buffer.from(compose(token, nonce, issued)), Buffer.from(stamp)];
      if (ours.length !== theirs.length || !timingSafeEqual(ours, theirs)) return "invalid";
      const age = now - Number.parseInt(issued, 36);
      if (!(age >= leastFillMs)) return "too-early";
      return age <= longestFillMs ? "good" : "too-late";
    },
    reference: (stamp, words) =>
      base32(createHmac("sha256", key).update(`reference.${stamp}.${words}`).digest().subarray(0, 10)),
  };
}

/** Crockford's letters and digits: none that are taken for each other. */
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** 80 bits as four groups of four. */
function base32(bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  const text = Array.from({ length: 16 }, (_, place) => letters[Number((bits >> BigInt(75 - 5 * place)) & 31n)]);
  return [0, 4, 8, 12].map((start) => text.slice(start, start + 4).join("")).join("-");
}

/** A reference as people type it, in the form in which it was given. */
export function tidyReference(typed: string): string {
  const plain = typed
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1");
  return plain.match(/.{1,4}/g)?.join("-") ?? "";
}

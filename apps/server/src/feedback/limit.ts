import { createHmac, randomBytes } from "node:crypto";
import { isIPv6 } from "node:net";

/** So many in so long. */
export interface Allowance {
  readonly most: number;
  readonly perMs: number;
}

/** Counts of senders are kept by a key that is drawn anew this often; with it all counts are forgotten. */
const forgetAfterMs = 3600 * 1000;
/** Beyond these the oldest are forgotten, so that no flood fills the memory. */
const mostKept = 50_000;

export interface Limiter {
  /** 0 where one more is allowed, and counts it; else milliseconds until it may be. */
  take(who: string, allowance: Allowance, now: number): number;
}

/**
 * Counts in memory, by a keyed hash: no address is kept, and none can be had from what is kept once the key is gone, an hour
 * later at the latest.
 */
export function openLimiter(): Limiter {
  let key = randomBytes(32);
  let drawnAt = Number.NEGATIVE_INFINITY;
  let later: NodeJS.Timeout | undefined;
  const taken = new Map<string, number[]>();
  const forget = (): void => {
    key = randomBytes(32);
    drawnAt = Number.NEGATIVE_INFINITY;
    taken.clear();
  };
  return {
    take(who, { most, perMs }, now) {
      if (now - drawnAt > forgetAfterMs) {
        forget();
        drawnAt = now;
        // Also where nobody comes any more.
        clearTimeout(later);
        later = setTimeout(forget, forgetAfterMs);
        later.unref();
      }
      const hash = createHmac("sha256", key).update(who).digest("base64");
      const moments = (taken.get(hash) ?? []).filter((moment) => now - moment < perMs);
      // Set again: the newest stands last.
      taken.delete(hash);
      taken.set(hash, moments);
      for (const [oldest] of taken) {
        if (taken.size <= mostKept) break;
        taken.delete(oldest);
      }
      if (moments.length >= most) return Math.max(1, perMs - (now - (moments[0] ?? now)));
      moments.push(now);
      return 0;
    },
  };
}

/** Who counts as one sender: an address, or the network of an IPv6 address, since one device has many of those. */
export function senderOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail = ""] = (plain.split("%")[0] ?? "").split("::");
  const left = head.split(":").filter((part) => part !== "");
  const right = tail.split(":").filter((part) => part !== "");
  const gap = plain.includes("::")
    ? Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0")
    : [];
  return [...left, ...gap, ...right]
    .slice(0, 4)
    .map((part) => Number.parseInt(part, 16).toString(16))
    .join(":");
}

import { type Interval, logitInterval, wilson } from "../statistics/index.ts";
import type { Agreement } from "./agreement.ts";

/**
 * Interval of a consistency on the logit scale. Where everyone agrees there is no spread to go by: one odd person costs their
 * own term and, as a neighbour, about as much again in those of others, so that the end is twice that of a rate never seen.
 */
export function agreementInterval({ n, value, standardError }: Agreement, confidence: number): Interval | null {
  if (standardError === null) return null;
  const inside = logitInterval(value, standardError, confidence);
  if (inside) return inside;
  const never = Math.min(1, 2 * wilson(0, n, confidence).high);
  if (value >= 1) return { low: 1 - never, high: 1 };
  if (value <= 0) return { low: 0, high: never };
  return wilson(Math.round(value * n), n, confidence);
}

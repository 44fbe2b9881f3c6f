import { type ModelProfile, profileTotals } from "@assay/models";
import type { Pace } from "./pace.ts";
import type { Roof } from "./summary.ts";

/** How near calls come to what the device was found to do. */
export interface Roofline {
  readonly device: string;
  readonly batch: number;
  /** Multiply-accumulates for each byte that must move. */
  readonly intensity: number;
  readonly bound: "arithmetic" | "memory";
  /** Rows in a second under the roof, and reached. */
  readonly roof: number;
  readonly reached: number;
}

/**
 * S. Williams, A. Waterman and D. Patterson's model (doi:10.1145/1498765.1498785): no call can be done before its products are,
 * nor before its weights, inputs and outputs have moved once. Null where the model's work or a rate is not known.
 */
export function rooflineOf(profile: ModelProfile, roof: Roof | undefined, pace: Pace): Roofline | null {
  const { multiplyAccumulates, weightBytes } = profileTotals(profile);
  const outputs = profile.layers.at(-1)?.activationBytes ?? null;
  if (!multiplyAccumulates.complete || multiplyAccumulates.value === 0 || outputs === null) return null;
  if (!roof?.multiplyAccumulates || !roof.bytes) return null;
  const products = multiplyAccumulates.value * pace.batch;
  const bytes = weightBytes + (profile.inputBytes + outputs) * pace.batch;
  const seconds = { arithmetic: products / roof.multiplyAccumulates, memory: bytes / roof.bytes };
  const bound = seconds.arithmetic >= seconds.memory ? "arithmetic" : "memory";
  return {
    device: pace.device,
    batch: pace.batch,
    intensity: products / bytes,
    bound,
    roof: pace.batch / seconds[bound],
    reached: (pace.batch * 1000) / pace.median.value,
  };
}

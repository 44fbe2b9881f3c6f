import type { Device } from "@assay/compute";
import type { Column } from "../columns.ts";
import type { Model, OutputValues } from "../model.ts";
import { openModel } from "../node/index.ts";

/** A model's outputs as numbers or texts, row-major. */
export type Plain = Readonly<Record<string, readonly (number | string)[]>>;

export interface BothResults {
  /** Null where our kernels do not run the model; `reason` says why. */
  readonly kernels: Plain | null;
  readonly reason: string | null;
  readonly onnxruntime: Plain;
}

/** Runs a model on our kernels, where they run it, and on ONNX Runtime. */
export async function onBoth(bytes: Uint8Array, columns: readonly Column[], device: Device): Promise<BothResults> {
  const [ours, theirs] = [await openModel(bytes), await openModel(bytes, { onnxruntimeOnly: true })];
  try {
    return {
      kernels: ours.runtime === "kernels" ? await predicted(ours, columns, device) : null,
      reason: ours.runtimeReason,
      onnxruntime: await predicted(theirs, columns, device),
    };
  } finally {
    await ours.dispose();
    await theirs.dispose();
  }
}

async function predicted(model: Model, columns: readonly Column[], device: Device): Promise<Plain> {
  const { outputs } = await model.predict(columns, { device });
  return Object.fromEntries(outputs.map((output) => [output.name, plain(output)]));
}

function plain(output: OutputValues): readonly (number | string)[] {
  return output.kind === "label" ? Array.from(output.codes, (code) => output.levels[code] ?? "") : [...output.values];
}

/** The largest difference of two outputs, relative for values above 1; infinite where texts or lengths differ. NaN equals NaN. */
export function difference(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (const [index, x] of a.entries()) {
    const y = b[index];
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    if (typeof x !== "number" || typeof y !== "number") return Number.POSITIVE_INFINITY;
    const own = Math.abs(x - y) / Math.max(1, Math.abs(y));
    most = Math.max(most, Number.isNaN(own) ? Number.POSITIVE_INFINITY : own);
  }
  return most;
}

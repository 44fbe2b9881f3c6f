import type { LayerProfile, ModelProfile } from "@assay/models";
import { profileTotals } from "@assay/models";
import type { LocalizedText } from "@assay/schema";

/** The number by which layers are compared: what most of a model's work consists of. */
export interface Weighing {
  readonly of: (layer: LayerProfile) => number;
  readonly total: number;
  readonly name: LocalizedText;
}

export function weighing(profile: ModelProfile): Weighing {
  const totals = profileTotals(profile);
  if (totals.multiplyAccumulates.value > 0) {
    return {
      of: (layer) => layer.multiplyAccumulates ?? 0,
      total: totals.multiplyAccumulates.value,
      name: { en: "multiply-accumulates", "zh-CN": "乘加次数" },
    };
  }
  if (totals.comparisons !== null) {
    return {
      of: (layer) => layer.comparisons?.mean ?? 0,
      total: totals.comparisons.mean,
      name: { en: "tests of tree nodes", "zh-CN": "树节点判断次数" },
    };
  }
  return {
    of: (layer) => layer.operations ?? 0,
    total: totals.operations.value,
    name: { en: "floating-point operations", "zh-CN": "浮点运算次数" },
  };
}

/** Nothing is computed, learned or left open: a layer that only gives shapes. */
export function isIdle(layer: LayerProfile): boolean {
  return (
    layer.unknown === null && layer.parameters === 0 && layer.operations === 0 && (layer.comparisons?.most ?? 0) === 0
  );
}

/** Bytes that move for a row where weights are read anew for it; null where it is not known. */
export function movedBytes(layer: LayerProfile): number | null {
  const { inputBytes, activationBytes, weightBytes } = layer;
  return inputBytes === null || activationBytes === null ? null : inputBytes + activationBytes + weightBytes;
}

/** Operations for each byte that moves, one row at a time; null where it is not known. */
export function intensity(layers: readonly LayerProfile[]): number | null {
  let [operations, bytes] = [0, 0];
  for (const layer of layers) {
    const moved = movedBytes(layer);
    if (layer.operations === null || moved === null) return null;
    operations += layer.operations;
    bytes += moved;
  }
  return bytes === 0 ? null : operations / bytes;
}

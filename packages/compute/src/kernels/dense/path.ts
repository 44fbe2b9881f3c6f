import type { Device, DeviceBuffer } from "../../device.ts";
import type { DeviceTable, PermutedView } from "../../device-table.ts";
import type { PackedLayer } from "./pack.ts";

/** A network on a device. */
export interface LoadedNetwork {
  readonly device: Device;
  readonly inputs: number;
  readonly outputs: number;
  readonly layers: readonly PackedLayer[];
  /** float32: see `PackedNetwork`. */
  readonly parameters: DeviceBuffer;
  /** u32[layers × 5]: inputs, outputs, activation, where weights and where biases begin. */
  readonly shape: DeviceBuffer;
  free(): void;
}

/** Some rows' sums of the first layer, on the device. */
export interface KeptSums {
  readonly first: number;
  readonly count: number;
  readonly buffer: DeviceBuffer;
}

/** A column and its slot in a view. */
export interface ShiftedColumn {
  readonly column: number;
  readonly slot: number;
}

export interface HowToPredict {
  readonly view: PermutedView | null;
  readonly keep: KeptSums[] | null;
  /** The most rows in a chunk, or somewhat more; at least 1. */
  readonly rowsAtOnce: number;
}

/** How the entries of a kind of device are called. */
export interface DensePath {
  /** Predictions, rows × outputs. With `keep`, the first layer's sums of all rows stay: they are pushed there. */
  predict(network: LoadedNetwork, table: DeviceTable, how: HowToPredict): Promise<Float32Array>;
  /** Predictions from kept sums with some columns read through a view. */
  shift(
    network: LoadedNetwork,
    table: DeviceTable,
    view: PermutedView,
    columns: readonly ShiftedColumn[],
    kept: readonly KeptSums[],
  ): Promise<Float32Array>;
}

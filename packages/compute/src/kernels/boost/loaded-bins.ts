import type { Device, DeviceBuffer } from "../../device.ts";
import { Boosting, type BoostTargets } from "./boosting.ts";
import { type BinnedTable, checkBins } from "./check.ts";

/** Binned columns on a device: `start` trains on them, again and again with other labels and weights. */
export class LoadedBins {
  readonly device: Device;
  readonly table: BinnedTable;
  readonly bins: DeviceBuffer;
  readonly offsets: DeviceBuffer;
  readonly missing: DeviceBuffer;
  readonly totalBins: number;
  readonly #buffers: DeviceBuffer[] = [];

  constructor({ host }: Device, table: BinnedTable) {
    checkBins(table);
    this.device = host;
    this.table = table;
    const offsets = new Uint32Array(table.features + 1);
    for (const [feature, count] of table.counts.entries()) offsets[feature + 1] = (offsets[feature] ?? 0) + count;
    this.totalBins = offsets[table.features] ?? 0;
    try {
      this.bins = this.#upload(table.bins);
      this.offsets = this.#upload(offsets);
      this.missing = this.#upload(table.missing);
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** @throws AssayError data-invalid naming the row of a label or weight; device-out-of-memory */
  start(targets: BoostTargets): Boosting {
    return new Boosting(this, targets);
  }

  free(): void {
    for (const buffer of this.#buffers.splice(0)) buffer.free();
  }

  #upload(data: Uint8Array | Uint32Array): DeviceBuffer {
    const buffer = this.device.allocate(data.byteLength);
    this.#buffers.push(buffer);
    this.device.upload(buffer, data);
    return buffer;
  }
}

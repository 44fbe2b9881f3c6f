import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import type { TakeBuffer } from "../buffers.ts";

/** The classes met so far, on the host device: their keys, counts and first rows, and the slots by which they are found. */
export class ClassTable {
  readonly #device: Device;
  readonly #take: TakeBuffer;
  readonly #width: number;
  /** Classes that the arrays have room for. */
  #room = 0;
  /** A power of two; at most half of the slots are taken. */
  slotCount = 1;
  slots: DeviceBuffer;
  /** u32[room × width]. */
  keys: DeviceBuffer;
  /** f64[room]. */
  counts: DeviceBuffer;
  /** u32[room]. */
  firsts: DeviceBuffer;
  /** Classes made so far. */
  classes = 0;

  constructor(device: Device, take: TakeBuffer, width: number) {
    this.#device = device;
    this.#take = take;
    this.#width = width;
    this.slots = take(8, "zero");
    this.keys = take(0, "any");
    this.counts = take(0, "any");
    this.firsts = take(0, "any");
  }

  /** Makes room for so many more classes. @throws AssayError data-too-large where the device has no memory for them */
  async makeRoom(more: number): Promise<void> {
    const needed = this.classes + more;
    const room = needed > this.#room ? Math.max(needed, 2 * this.#room) : this.#room;
    let slotCount = this.slotCount;
    while (slotCount < 2 * needed) slotCount *= 2;
    try {
      if (room > this.#room) {
        this.keys = await this.#grown(this.keys, 4 * this.#width, room);
        this.counts = await this.#grown(this.counts, 8, room);
        this.firsts = await this.#grown(this.firsts, 4, room);
        this.#room = room;
      }
      if (slotCount > this.slotCount) {
        // Slots follow from the keys: the old ones need not be there beside the new ones.
        this.slots.free();
        this.slots = this.#take(8 * slotCount, "any");
        this.slotCount = slotCount;
        this.#device.clear(this.slots);
        await this.#device.dispatch("classesPlace", [
          ...[this.keys, this.#width, this.classes],
          ...[this.slots, slotCount - 1],
        ]);
      }
    } catch (error) {
      if (!(error instanceof AssayError) || error.code !== "device-out-of-memory") throw error;
      const bytes = 8 * slotCount + (4 * this.#width + 12) * room;
      throw new AssayError(
        "data-too-large",
        `classes: ${this.classes} classes so far, and a table for ${needed} needs ${bytes} bytes, more than ${this.#device.name} has left; use more shards, or fewer or coarser columns`,
        { cause: error },
      );
    }
  }

  async #grown(from: DeviceBuffer, bytesEach: number, room: number): Promise<DeviceBuffer> {
    const to = this.#take(bytesEach * room, "any");
    await this.#device.dispatch("classesCopy", [from, to, bytesEach * this.classes]);
    from.free();
    return to;
  }
}

import type { DeviceName } from "@assay/schema";
import type { Argument, Device, DeviceBuffer } from "./device.ts";

/** A device that keeps in mind which devices kernels really ran on: itself, the cpu device beside it, or both. */
export class WatchedDevice implements Device {
  readonly name: DeviceName;
  readonly description: string;
  readonly maxBufferBytes: number;
  readonly host: Device;
  readonly #device: Device;
  readonly #ran: Set<DeviceName>;

  constructor(device: Device, ran: Set<DeviceName> = new Set()) {
    this.name = device.name;
    this.description = device.description;
    this.maxBufferBytes = device.maxBufferBytes;
    this.#device = device;
    this.#ran = ran;
    // Kernels ask whether a device is its own host.
    this.host = device.host === device ? this : new WatchedDevice(device.host, ran);
  }

  /** Devices that a kernel was dispatched on, alphabetical. */
  get ran(): readonly DeviceName[] {
    return [...this.#ran].sort();
  }

  get allocatedBytes(): number {
    return this.#device.allocatedBytes;
  }

  allocate(sizeBytes: number): DeviceBuffer {
    return this.#device.allocate(sizeBytes);
  }

  clear(buffer: DeviceBuffer): void {
    this.#device.clear(buffer);
  }

  upload(buffer: DeviceBuffer, data: ArrayBufferView): void {
    this.#device.upload(buffer, data);
  }

  dispatch(kernel: string, args: readonly Argument[], items?: number): Promise<void> {
    this.#ran.add(this.name);
    return this.#device.dispatch(kernel, args, items);
  }

  download<T extends ArrayBufferView>(buffer: DeviceBuffer, into: T): Promise<T> {
    return this.#device.download(buffer, into);
  }

  dispose(): void {
    this.#device.dispose();
  }
}

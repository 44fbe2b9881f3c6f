import type { DeviceName } from "@assay/schema";

/** A buffer on a device. Freed by its device's `dispose` at the latest. */
export interface DeviceBuffer {
  readonly sizeBytes: number;
  free(): void;
}

/** What a kernel is called with: buffers of the same device, and scalars as they are. */
export type Argument = DeviceBuffer | number | bigint;

/**
 * The whole contract of a compute device. Kernels are named; what a kernel means stands in its folder.
 *
 * Every call rejects or throws an AssayError: `device-out-of-memory` for what does not fit, `device-lost` for a device
 * that was taken away (all later calls say so too), `device-timeout` for work that did not end in time (the device is
 * given up), `device-failed` for a kernel that stopped. A failure shows at the latest in the next `download`: what is
 * downloaded is whole and right, or an error.
 */
export interface Device {
  readonly name: DeviceName;
  /** What ran, for people: `WASM SIMD, 1 thread`. */
  readonly description: string;
  /** Bytes allocated and not freed. */
  readonly allocatedBytes: number;
  /** The most bytes that one buffer may have. */
  readonly maxBufferBytes: number;
  /** The cpu device beside this one, for kernels with which a GPU cannot win; on cpu, itself. Ends with this device. */
  readonly host: Device;
  /** A buffer whose content is any. */
  allocate(sizeBytes: number): DeviceBuffer;
  /** Sets all bytes to 0. */
  clear(buffer: DeviceBuffer): void;
  /** Writes to the buffer's begin. Where `data` ends within a word of 4 bytes, the word's other bytes may become 0. */
  upload(buffer: DeviceBuffer, data: ArrayBufferView): void;
  /**
   * Queues a kernel after what was queued before; `download` waits for it.
   * With `items` the kernel does that many independent items on all threads the device has: on cpu in ranges whose begin
   * and end follow the arguments, on a GPU one invocation each. Without, it runs once, on one thread (cpu only).
   */
  dispatch(kernel: string, args: readonly Argument[], items?: number): Promise<void>;
  download<T extends ArrayBufferView>(buffer: DeviceBuffer, into: T): Promise<T>;
  dispose(): void;
}

/** What a probe found: a device that can be opened, or why it cannot. */
export type Probe =
  | {
      readonly name: DeviceName;
      readonly available: true;
      readonly description: string;
      /** True where a GPU's interface is served by the processor: right, and slower than the cpu device. `auto` passes it by. */
      readonly software: boolean;
    }
  | { readonly name: DeviceName; readonly available: false; readonly reason: string };

import type { DeviceName } from "@assay/schema";

/** A buffer on a device. Freed by its device's `dispose` at the latest. */
export interface DeviceBuffer {
  readonly sizeBytes: number;
  free(): void;
}

/**
 * The whole contract of a compute device. Kernels are named; what a kernel means stands in its folder.
 */
export interface Device {
  readonly name: DeviceName;
  /** What ran, for people: `WASM SIMD, 1 thread`. */
  readonly description: string;
  /** Bytes allocated and not freed. */
  readonly allocatedBytes: number;
  allocate(sizeBytes: number): DeviceBuffer;
  upload(buffer: DeviceBuffer, data: ArrayBufferView): void;
  /** Runs a kernel; scalars are passed as they are. The returned promise settles when the device is done. */
  dispatch(kernel: string, args: readonly (DeviceBuffer | number | bigint)[]): Promise<void>;
  download<T extends ArrayBufferView>(buffer: DeviceBuffer, into: T): Promise<T>;
  dispose(): void;
}

/** What a probe found: a device that can be opened, or why it cannot. */
export type Probe =
  | { readonly name: DeviceName; readonly available: true; readonly description: string }
  | { readonly name: DeviceName; readonly available: false; readonly reason: string };

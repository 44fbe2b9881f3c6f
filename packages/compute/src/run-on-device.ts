import { AssayError, type DeviceName, type ErrorCode, isAssayError } from "@assay/schema";
import type { Device } from "./device.ts";
import { type DeviceKind, deviceKinds, type OpenOptions } from "./devices/index.ts";
import { WatchedDevice } from "./watched-device.ts";

export interface DeviceChoice {
  /** By name: that device or an error. auto: a GPU where one wins and is there, else cpu. */
  readonly device: "auto" | DeviceName;
  /** Whether the work has kernels with which a GPU is faster than the processor. */
  readonly gpuWins: boolean;
  readonly options?: OpenOptions;
  /** Told with `auto` before the work begins anew on the cpu. */
  readonly onRestart?: (failed: DeviceName, reason: AssayError) => void;
}

export interface DeviceRun<T> {
  readonly value: T;
  /** The device that all of the work ran on. */
  readonly device: DeviceName;
  /** Those that kernels ran on, alphabetical: kernels with which a GPU cannot win run on the cpu device beside it. */
  readonly ran: readonly DeviceName[];
}

const failures: readonly ErrorCode[] = ["device-failed", "device-lost", "device-out-of-memory", "device-timeout"];

/** True for an error after which another device might have done the work. */
export function isDeviceFailure(error: unknown): error is AssayError {
  return isAssayError(error) && failures.includes(error.code);
}

/**
 * Opens a device, does the work on it and disposes of it. Where a GPU that `auto` chose fails in the middle, all of the
 * work is done again on the cpu: no result is ever a mix of what two devices gave. With a device asked for by name the
 * work ends in that device's error.
 * @throws AssayError device-unavailable, with the reason, and what the work throws
 */
export async function runOnDevice<T>(
  choice: DeviceChoice,
  work: (device: Device) => Promise<T>,
  kinds: readonly DeviceKind[] = deviceKinds,
): Promise<DeviceRun<T>> {
  const { device: name, options = {}, gpuWins, onRestart } = choice;
  const kindOf = (wanted: DeviceName): DeviceKind => {
    const kind = kinds.find((one) => one.name === wanted);
    if (!kind) throw new AssayError("usage", `no device "${wanted}"; there are auto, cpu, cuda, webgpu`);
    return kind;
  };
  if (name !== "auto") return runOn(kindOf(name), options, work);
  const gpu = gpuWins ? await bestGpu(kinds) : null;
  if (gpu) {
    try {
      return await runOn(gpu, options, work);
    } catch (error) {
      const unopened = isAssayError(error) && error.code === "device-unavailable";
      if (!unopened && !isDeviceFailure(error)) throw error;
      onRestart?.(gpu.name, error);
    }
  }
  return runOn(kindOf("cpu"), options, work);
}

async function runOn<T>(
  kind: DeviceKind,
  options: OpenOptions,
  work: (device: Device) => Promise<T>,
): Promise<DeviceRun<T>> {
  const device = new WatchedDevice(await kind.open(options));
  try {
    const value = await work(device);
    return { value, device: device.name, ran: device.ran };
  } finally {
    device.dispose();
  }
}

/** Best first. One that the processor only plays is slower than the cpu device. */
async function bestGpu(kinds: readonly DeviceKind[]): Promise<DeviceKind | null> {
  for (const name of ["cuda", "webgpu"] as const) {
    const kind = kinds.find((one) => one.name === name);
    const probe = await kind?.probe();
    if (kind && probe?.available && !probe.software) return kind;
  }
  return null;
}

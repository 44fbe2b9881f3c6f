import { AssayError } from "@assay/schema";
import type { Device, Probe } from "../device.ts";
import { cpu } from "./cpu.ts";
import type { OpenOptions } from "./index.ts";
import { findAdapter } from "./webgpu-adapter.ts";
import { WebGpuDevice } from "./webgpu-device.ts";

const defaultTimeoutMs = 60_000;

/** The GPU through WebGPU: the browser's, or in Node that of the optional package `webgpu`. */
export const webgpu = {
  name: "webgpu" as const,
  async probe(): Promise<Probe> {
    const found = await findAdapter();
    if ("reason" in found) return { name: "webgpu", available: false, reason: found.reason };
    const { description, software } = found;
    return { name: "webgpu", available: true, description, software };
  },
  async open(options: OpenOptions): Promise<Device> {
    const { timeoutMs = defaultTimeoutMs } = options;
    if (!(timeoutMs > 0)) throw new AssayError("usage", `webgpu: timeoutMs must be above 0, got ${timeoutMs}`);
    const found = await findAdapter();
    if ("reason" in found) throw new AssayError("device-unavailable", `webgpu: ${found.reason}; use cpu or auto`);
    const { gpu, adapter, description } = found;
    let device: GPUDevice;
    try {
      device = await adapter.requestDevice({ requiredLimits: realLimits(adapter) });
    } catch (cause) {
      throw new AssayError(
        "device-unavailable",
        `webgpu: ${description} cannot be opened: ${String(cause)}; use cpu or auto`,
        { cause },
      );
    }
    const host = await cpu.open(options);
    return new WebGpuDevice({ gpu, device, description, host, timeoutMs });
  },
};

/** What the adapter can do: without being asked, a device is held to what every adapter can. */
function realLimits(adapter: GPUAdapter): Record<string, number> {
  const names = [
    "maxBufferSize",
    "maxComputeInvocationsPerWorkgroup",
    "maxComputeWorkgroupSizeX",
    "maxComputeWorkgroupStorageSize",
    "maxComputeWorkgroupsPerDimension",
    "maxStorageBufferBindingSize",
    "maxStorageBuffersPerShaderStage",
  ] as const;
  return Object.fromEntries(names.map((name) => [name, adapter.limits[name]]));
}

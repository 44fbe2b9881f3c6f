import { AssayError } from "@assay/schema";
import type { Device, Probe } from "../device.ts";
import { cpu } from "./cpu.ts";
import type { OpenOptions } from "./index.ts";

const defaultTimeoutMs = 60_000;

/**
 * NVIDIA cards through the driver's own library, called by koffi; nothing else of CUDA is needed. All of it is loaded when
 * first asked for, and never in a browser.
 */
export const cuda = {
  name: "cuda" as const,
  async probe(options: OpenOptions = {}): Promise<Probe> {
    const found = await find(options);
    if ("reason" in found) return { name: "cuda", available: false, reason: found.reason };
    return { name: "cuda", available: true, description: found.description, software: false };
  },
  async open(options: OpenOptions): Promise<Device> {
    const { timeoutMs = defaultTimeoutMs, ordinal } = options;
    if (!(timeoutMs > 0)) throw new AssayError("usage", `cuda: timeoutMs must be above 0, got ${timeoutMs}`);
    if (ordinal !== undefined && !(Number.isInteger(ordinal) && ordinal >= 0)) {
      throw new AssayError("usage", `cuda: ordinal must be an integer from 0, got ${ordinal}`);
    }
    const found = await find(options);
    if ("reason" in found) throw new AssayError("device-unavailable", `cuda: ${found.reason}; use cpu or auto`);
    const { openCard } = await import("./cuda-device.ts");
    const { shippedKernels } = await import("./cuda-kernels.ts");
    const host = await cpu.open(options);
    try {
      return await openCard(found, { timeoutMs, kernels: shippedKernels, host });
    } catch (error) {
      host.dispose();
      throw error;
    }
  },
};

async function find(options: OpenOptions) {
  if (!globalThis.process?.versions?.node) return { reason: "a browser has no way to CUDA; use webgpu" };
  const { findCard } = await import("./cuda-driver.ts");
  return findCard(options);
}

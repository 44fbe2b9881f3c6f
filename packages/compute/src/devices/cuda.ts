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
    const { driver, card, description } = found;
    const out = new BigUint64Array(1);
    // 4: threads that wait in the driver sleep and do not spin.
    const result = await driver.callAside("cuCtxCreate_v2", out, 4, card.ordinal);
    if (result !== 0) {
      const code = result === 2 ? "device-out-of-memory" : "device-unavailable";
      throw new AssayError(code, `cuda: ${description} cannot be opened: ${driver.describe(result)}; use cpu or auto`);
    }
    const { CudaDevice } = await import("./cuda-device.ts");
    const host = await cpu.open(options);
    return new CudaDevice(driver, out[0] ?? 0n, card, description, timeoutMs, host);
  },
};

async function find(options: OpenOptions) {
  if (!globalThis.process?.versions?.node) return { reason: "a browser has no way to CUDA; use webgpu" };
  const { findCard } = await import("./cuda-driver.ts");
  const found = await findCard(options);
  if ("reason" in found) return found;
  const { card, driver, version } = found;
  return { driver, card, description: `${card.name}, ${(card.memoryBytes / 2 ** 30).toFixed(0)} GiB, ${version}` };
}

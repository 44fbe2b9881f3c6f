import { AssayError } from "@assay/schema";
import type { Probe } from "../device.ts";
import { cpuMemory, cpuWasm } from "../generated/cpu-wasm.ts";
import { CpuDevice } from "./cpu-device.ts";
import { CpuThreads } from "./cpu-threads.ts";
import type { OpenOptions } from "./index.ts";
import { threadLimit } from "./start-cpu-thread.ts";

const PAGE = 65536;
/** What 32-bit addresses reach. */
const mostPages = 65536;

/**
 * AssemblyScript compiled to WASM SIMD, with a memory of its own. The calling thread works too; further threads share the
 * memory. Where there can be only one thread, the description says why.
 */
export const cpu = {
  name: "cpu" as const,
  async probe(): Promise<Probe> {
    try {
      await compiled("own");
      const { most, reason } = threadLimit();
      return { name: "cpu", available: true, description: describe(most, "up to ", reason), software: false };
    } catch (error) {
      return { name: "cpu", available: false, reason: `this host cannot run WASM SIMD: ${String(error)}` };
    }
  },
  async open(options: OpenOptions): Promise<CpuDevice> {
    const asked = options.threads ?? 1;
    if (!Number.isInteger(asked) || asked < 1 || asked > 256) {
      throw new AssayError("usage", `cpu: threads must be an integer from 1 to 256, got ${asked}`);
    }
    const { reason } = threadLimit();
    const count = reason === null ? asked : 1;
    let module: WebAssembly.Module;
    let instance: WebAssembly.Instance;
    const { memory, mostBytes } = reserve(count > 1);
    try {
      module = await compiled(count > 1 ? "shared" : "own");
      instance = await WebAssembly.instantiate(module, { env: { memory } });
    } catch (cause) {
      throw new AssayError("device-unavailable", `cpu: this host cannot run WASM SIMD: ${String(cause)}`, { cause });
    }
    const { heapBase, startThread } = instance.exports;
    if (typeof heapBase !== "function" || typeof startThread !== "function") {
      throw new AssayError("internal", "cpu: the module has no heapBase and startThread");
    }
    // 64 bytes of scratch for every thread, then the buffers.
    const scratch = Math.ceil(Number(heapBase()) / 64) * 64;
    const base = scratch + 64 * count;
    if (base > memory.buffer.byteLength) memory.grow(1);
    startThread(scratch);
    const threads = count > 1 ? await CpuThreads.start(count, { module, memory, scratch }) : null;
    const description = describe(count, "", asked > 1 ? reason : null);
    return new CpuDevice({ module, instance, memory, mostBytes, base, description, threads });
  },
};

function describe(threads: number, before: string, reason: string | null): string {
  if (threads > 1) return `WASM SIMD, ${before}${threads} threads`;
  return `WASM SIMD, 1 thread${reason === null ? "" : ` (${reason})`}`;
}

type Sharing = "own" | "shared";
const modules = new Map<Sharing, Promise<WebAssembly.Module>>();

/**
 * The module, compiled once in each realm for each kind of memory. A memory of one's own can be had everywhere, a shared
 * one only where threads can be; a module imports the one or the other, which one flag in it tells. It is compiled for
 * the shared one and the flag is changed where it is loaded for the other: what is right while other threads write is
 * right without them, and one build has the same instructions, so the same bits, for any number of threads.
 */
function compiled(sharing: Sharing): Promise<WebAssembly.Module> {
  const known = modules.get(sharing);
  if (known) return known;
  const bytes = Uint8Array.from(atob(cpuWasm), (character) => character.charCodeAt(0));
  if (sharing === "own") bytes[cpuMemory.limitsAt] = 1;
  const module = WebAssembly.compile(bytes);
  modules.set(sharing, module);
  return module;
}

/** A shared memory reserves addresses for all that it may become; where there are fewer it is content with less. */
function reserve(shared: boolean): { memory: WebAssembly.Memory; mostBytes: number } {
  let refusal: unknown;
  for (let maximum = mostPages; maximum >= mostPages / 16; maximum /= 2) {
    try {
      const memory = new WebAssembly.Memory({ initial: cpuMemory.initialPages, maximum, shared });
      return { memory, mostBytes: maximum * PAGE };
    } catch (cause) {
      refusal = cause;
    }
  }
  throw new AssayError("device-out-of-memory", `cpu: no memory to open the device with: ${String(refusal)}`, {
    cause: refusal,
  });
}

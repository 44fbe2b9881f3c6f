import { AssayError } from "@assay/schema";
import { ptx } from "../generated/ptx.ts";
import type { GpuEntry } from "../gpu-entry.ts";
import { type GpuKernel, gpuKernels } from "../kernels/gpu.ts";
import type { CudaContext } from "./cuda-context.ts";

const kernels: readonly GpuKernel[] = gpuKernels;
const jitErrorLog = 5;
const jitErrorLogSize = 6;
const noCompiler = 221;

export interface CudaEntry {
  readonly entry: GpuEntry;
  readonly handle: bigint;
}

/** The kernels of a context, each compiled by the driver for its card when first asked for. */
export class CudaKernels {
  readonly #context: CudaContext;
  readonly #entries = new Map<string, CudaEntry>();

  constructor(context: CudaContext) {
    this.#context = context;
  }

  /** @throws AssayError internal for a name that no kernel has; device-failed where the driver does not take it */
  find(name: string): CudaEntry {
    const found = this.#entries.get(name);
    if (found) return found;
    const kernel = kernels.find((one) => one.entries.some((entry) => entry.name === name));
    if (!kernel) throw new AssayError("internal", `cuda.dispatch: no kernel ${name} for GPUs`);
    const text = ptx[kernel.name];
    if (text === undefined) {
      throw new AssayError(
        "internal",
        `cuda.dispatch: this build has no PTX of ${kernel.name}: run node packages/compute/scripts/ptx.mjs where nvcc is`,
      );
    }
    const module = this.#load(kernel.name, text);
    for (const entry of kernel.entries) {
      const handle = this.#context.make("dispatch", "cuModuleGetFunction", module, entry.name);
      this.#entries.set(entry.name, { entry, handle });
    }
    return this.find(name);
  }

  #load(name: string, text: string): bigint {
    this.#context.check("dispatch");
    const log = this.#context.driver.reserve(4096);
    try {
      const bytes = new Uint8Array(log.bytes).fill(0);
      const options = Int32Array.of(jitErrorLog, jitErrorLogSize);
      const values = BigUint64Array.of(log.address, BigInt(bytes.length));
      const module = new BigUint64Array(1);
      const result = this.#context.result("cuModuleLoadDataEx", module, text, options.length, options, values);
      if (result === 0) return module[0] ?? 0n;
      const end = bytes.indexOf(0);
      const words = new TextDecoder().decode(bytes.slice(0, end < 0 ? bytes.length : end)).trim();
      const hint =
        result === noCompiler
          ? "the driver's PTX compiler is not there (in a container: NVIDIA_DRIVER_CAPABILITIES=compute,utility)"
          : words;
      throw this.#context.errorOf("dispatch", result, `loading ${name}`, hint);
    } finally {
      log.free();
    }
  }
}

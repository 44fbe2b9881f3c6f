import { AssayError } from "@assay/schema";
import { ptx } from "../generated/ptx.ts";
import type { GpuEntry } from "../gpu-entry.ts";
import { type GpuKernel, gpuKernels } from "../kernels/gpu.ts";
import type { CudaContext } from "./cuda-context.ts";

/** A kernel with its PTX; without, where this build was made of a kernel.cu that is newer. */
export interface CudaKernel extends GpuKernel {
  readonly ptx: string | undefined;
}

/** The kernels of this package. */
export const shippedKernels: readonly CudaKernel[] = gpuKernels.map((kernel) => ({ ...kernel, ptx: ptx[kernel.name] }));

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
  readonly #kernels: readonly CudaKernel[];
  readonly #entries = new Map<string, CudaEntry>();

  constructor(context: CudaContext, kernels: readonly CudaKernel[]) {
    this.#context = context;
    this.#kernels = kernels;
  }

  /** @throws AssayError internal for a name that no kernel has; device-failed where the driver does not take it */
  find(name: string): CudaEntry {
    const found = this.#entries.get(name);
    if (found) return found;
    const kernel = this.#kernels.find((one) => one.entries.some((entry) => entry.name === name));
    if (!kernel) throw new AssayError("internal", `cuda.dispatch: no kernel ${name} for GPUs`);
    if (kernel.ptx === undefined) {
      throw new AssayError(
        "internal",
        `cuda.dispatch: this build has no PTX of ${kernel.name}: run node packages/compute/scripts/ptx.mjs where nvcc is`,
      );
    }
    const module = this.#load(kernel.name, kernel.ptx);
    const entries = kernel.entries.map((entry) => ({
      entry,
      handle: this.#context.make("dispatch", "cuModuleGetFunction", module, entry.name),
    }));
    for (const one of entries) this.#entries.set(one.entry.name, one);
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

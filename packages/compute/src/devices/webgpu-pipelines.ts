import { AssayError } from "@assay/schema";
import { shaders } from "../generated/shaders.ts";
import type { GpuEntry } from "../gpu-entry.ts";
import { type GpuKernel, gpuKernels } from "../kernels/gpu.ts";
import type { WebGpuScopes } from "./webgpu-scopes.ts";

/** Numbers that the WebGPU standard gives names: Node has no globals for them. */
const compute = 0x4;
const copyDestination = 0x8;
const uniform = 0x40;

export interface WebGpuPipeline {
  readonly kernel: string;
  readonly entry: GpuEntry;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** Items and scalars of the next dispatch: writes to it wait, in the queue, for the dispatch before. */
  readonly uniforms: GPUBuffer;
  /** Set where the shader turned out to be wrong. */
  error: AssayError | null;
}

interface Module {
  readonly module: GPUShaderModule;
  readonly text: string;
}

/** The kernels of a device, each compiled when first asked for. */
export class WebGpuPipelines {
  readonly #device: GPUDevice;
  readonly #scopes: WebGpuScopes;
  readonly #kernels: readonly GpuKernel[];
  readonly #shaders: Readonly<Record<string, string>>;
  readonly #modules = new Map<string, Module>();
  readonly #pipelines = new Map<string, WebGpuPipeline>();

  constructor(device: GPUDevice, scopes: WebGpuScopes, code: WebGpuCode = { kernels: gpuKernels, shaders }) {
    this.#device = device;
    this.#scopes = scopes;
    this.#kernels = code.kernels;
    this.#shaders = code.shaders;
  }

  /** @throws AssayError internal for a name that no kernel has */
  find(name: string): WebGpuPipeline {
    const found = this.#pipelines.get(name);
    if (found) return found;
    for (const kernel of this.#kernels) {
      const entry = kernel.entries.find((one) => one.name === name);
      if (!entry) continue;
      const made = this.#make(kernel.name, entry);
      this.#pipelines.set(name, made);
      return made;
    }
    throw new AssayError("internal", `webgpu.dispatch: no kernel ${name} for GPUs`);
  }

  #make(kernel: string, entry: GpuEntry): WebGpuPipeline {
    const text = this.#shaders[kernel];
    if (text === undefined) throw new AssayError("internal", `webgpu.dispatch: this build has no WGSL of ${kernel}`);
    const device = this.#device;
    const types = entry.parameters.flatMap((parameter): GPUBufferBindingType[] =>
      parameter === "read" ? ["read-only-storage"] : parameter === "write" ? ["storage"] : [],
    );
    const uniformBytes = 4 * (1 + entry.parameters.length - types.length);
    const made = this.#scopes.watch(
      () => {
        const module = this.#modules.get(kernel)?.module ?? device.createShaderModule({ label: kernel, code: text });
        this.#modules.set(kernel, { module, text });
        const layout = device.createBindGroupLayout({
          label: entry.name,
          entries: [
            ...types.map((type, binding) => ({ binding, visibility: compute, buffer: { type } })),
            // With a least size the shader's struct is held to the scalars that are declared.
            { binding: types.length, visibility: compute, buffer: { type: "uniform", minBindingSize: uniformBytes } },
          ],
        });
        const pipeline = device.createComputePipeline({
          label: entry.name,
          layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
          compute: { module, entryPoint: entry.name },
        });
        const size = Math.ceil(uniformBytes / 16) * 16;
        const uniforms = device.createBuffer({ label: entry.name, size, usage: copyDestination | uniform });
        return { kernel, entry, pipeline, layout, uniforms, error: null as AssayError | null };
      },
      async (error) => {
        if (!error) return;
        const module = this.#modules.get(kernel);
        const told = module ? await compilationErrors(kernel, module) : "";
        const code = error.kind === "out-of-memory" ? "device-out-of-memory" : "internal";
        made.error = new AssayError(code, `webgpu: kernel ${entry.name} does not compile: ${told || error.message}`);
      },
    );
    return made;
  }
}

/** What a device runs; other than the package's own only in tests of the device itself. */
export interface WebGpuCode {
  readonly kernels: readonly GpuKernel[];
  readonly shaders: Readonly<Record<string, string>>;
}

/** Errors with file, line and column, as `kernels/forest/kernel.wgsl:12:5 unresolved value 'x'`; empty where there is none. */
async function compilationErrors(kernel: string, { module, text }: Module): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  return messages
    .filter((message) => message.type === "error")
    .map((message) => `${placeOf(kernel, text, message.lineNum)}:${message.linePos} ${message.message}`)
    .join("; ");
}

/** File and line of a line of a shader whose includes stand behind its own text. */
function placeOf(kernel: string, text: string, line: number): string {
  const lines = text.split("\n").slice(0, line);
  const before = lines.findLastIndex((one) => one.startsWith("// file: "));
  if (before < 0) return `kernels/${kernel}/kernel.wgsl:${line}`;
  return `${lines[before]?.slice("// file: ".length)}:${line - before - 1}`;
}

/** What the GPU says of a call: which of WebGPU's kinds of error, and its words. */
export interface ScopeError {
  readonly kind: GPUErrorFilter;
  readonly message: string;
}

const kinds = ["validation", "out-of-memory", "internal"] as const satisfies readonly GPUErrorFilter[];

/**
 * Tells what went wrong with calls of a GPU device, one after the other in the order of the calls. WebGPU's calls return
 * at once and say later whether they were right.
 */
export class WebGpuScopes {
  readonly #device: GPUDevice;
  #settled: Promise<void> = Promise.resolve();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Resolves when all calls so far are told. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Makes calls; `told` gets their first error or null, after the `told` of all earlier ones has ended. */
  watch<T>(calls: () => T, told: (error: ScopeError | null) => void | Promise<void>): T {
    for (const kind of kinds) this.#device.pushErrorScope(kind);
    let errors: Promise<GPUError | null>[] = [];
    try {
      return calls();
    } finally {
      // A device that is lost tells nothing more here.
      errors = kinds.map(() => this.#device.popErrorScope().catch(() => null));
      this.#settled = this.#settled.then(async () => {
        const found = (await Promise.all(errors)).reverse();
        const index = found.findIndex((error) => error !== null);
        const kind = kinds[index];
        const error = found[index];
        await told(kind && error ? { kind, message: error.message.trim() } : null);
      });
    }
  }
}

import { AssayError } from "@assay/schema";
import type { Argument, Device, DeviceBuffer, Probe } from "../device.ts";
import { cpuWasm } from "../generated/cpu-wasm.ts";
import type { OpenOptions } from "./index.ts";
import { LinearMemory } from "./linear-memory.ts";

let compiled: Promise<WebAssembly.Module> | null = null;

/**
 * The cpu device's module, compiled once in each realm. It can be posted to a worker thread, whose
 * `openDevice("cpu", { module })` then only instantiates it.
 */
export function cpuModule(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(Uint8Array.from(atob(cpuWasm), (character) => character.charCodeAt(0)));
  return compiled;
}

/** AssemblyScript compiled to WASM SIMD, on the calling thread, with a memory of its own. */
export const cpu = {
  name: "cpu" as const,
  async probe(): Promise<Probe> {
    try {
      await cpuModule();
      return { name: "cpu", available: true, description: describe(1), software: false };
    } catch (error) {
      return { name: "cpu", available: false, reason: `this host cannot run WASM SIMD: ${String(error)}` };
    }
  },
  async open(options: OpenOptions): Promise<CpuDevice> {
    const threads = options.threads ?? 1;
    if (!Number.isInteger(threads) || threads < 1) {
      throw new AssayError("usage", `cpu: threads must be an integer from 1, got ${threads}`);
    }
    let instance: WebAssembly.Instance;
    try {
      instance = await WebAssembly.instantiate(options.module ?? (await cpuModule()), {});
    } catch (cause) {
      throw new AssayError("device-unavailable", `cpu: this host cannot run WASM SIMD: ${String(cause)}`, { cause });
    }
    return new CpuDevice(instance, describe(threads));
  },
};

function describe(threads: number): string {
  return threads === 1 ? "WASM SIMD, 1 thread" : `WASM SIMD, ${threads} threads`;
}

class CpuBuffer implements DeviceBuffer {
  readonly owner: CpuDevice;
  readonly address: number;
  readonly sizeBytes: number;
  freed = false;
  readonly #release: (buffer: CpuBuffer) => void;

  constructor(owner: CpuDevice, address: number, sizeBytes: number, release: (buffer: CpuBuffer) => void) {
    this.owner = owner;
    this.address = address;
    this.sizeBytes = sizeBytes;
    this.#release = release;
  }

  free(): void {
    if (this.freed) return;
    this.freed = true;
    this.#release(this);
  }
}

/** Everything but the kernels' own code: memory, checks of arguments, errors. */
export class CpuDevice implements Device {
  readonly name = "cpu";
  readonly description: string;
  readonly #functions: Readonly<Record<string, WebAssembly.ExportValue>>;
  readonly #memory: WebAssembly.Memory;
  readonly #pieces: LinearMemory;
  /** What a WASM memory can hold at most, with 32-bit addresses. */
  readonly maxBufferBytes = 4294901760;
  #disposed = false;

  constructor(instance: WebAssembly.Instance, description: string) {
    this.description = description;
    this.#functions = instance.exports;
    const { memory, heapBase } = instance.exports;
    if (!(memory instanceof WebAssembly.Memory) || typeof heapBase !== "function") {
      throw new AssayError("device-unavailable", "cpu: the module given is not this version's; use cpuModule()");
    }
    this.#memory = memory;
    this.#pieces = new LinearMemory(memory, Number(heapBase()));
  }

  get host(): Device {
    return this;
  }

  get allocatedBytes(): number {
    return this.#disposed ? 0 : this.#pieces.allocatedBytes;
  }

  /** Bytes of the whole WASM memory, free pieces too; it grows and never shrinks. */
  get reservedBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  allocate(sizeBytes: number): DeviceBuffer {
    this.#check("allocate");
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
      throw new AssayError("internal", `cpu.allocate: size must be an integer from 0, got ${sizeBytes}`);
    }
    return new CpuBuffer(this, this.#pieces.allocate(sizeBytes), sizeBytes, (buffer) => {
      if (!this.#disposed) this.#pieces.free(buffer.address, buffer.sizeBytes);
    });
  }

  clear(buffer: DeviceBuffer): void {
    const { address, sizeBytes } = this.#own("clear", buffer);
    new Uint8Array(this.#memory.buffer, address, sizeBytes).fill(0);
  }

  upload(buffer: DeviceBuffer, data: ArrayBufferView): void {
    const { address } = this.#own("upload", buffer);
    if (data.byteLength > buffer.sizeBytes) {
      throw new AssayError("internal", `cpu.upload: ${data.byteLength} bytes into a buffer of ${buffer.sizeBytes}`);
    }
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    new Uint8Array(this.#memory.buffer, address, data.byteLength).set(bytes);
  }

  async dispatch(kernel: string, args: readonly Argument[], items?: number): Promise<void> {
    this.#check("dispatch");
    const given = items === undefined ? args : [...args, 0, items];
    const entry = Object.hasOwn(this.#functions, kernel) ? this.#functions[kernel] : undefined;
    if (typeof entry !== "function" || entry.length !== given.length) {
      throw new AssayError("internal", `cpu.dispatch: no kernel ${kernel} of ${given.length} arguments`);
    }
    const values = given.map((value) => (typeof value === "object" ? this.#own("dispatch", value).address : value));
    try {
      entry(...values);
    } catch (cause) {
      throw new AssayError("device-failed", `cpu.dispatch: kernel ${kernel} stopped: ${String(cause)}`, { cause });
    }
  }

  async download<T extends ArrayBufferView>(buffer: DeviceBuffer, into: T): Promise<T> {
    const { address } = this.#own("download", buffer);
    if (into.byteLength > buffer.sizeBytes) {
      throw new AssayError("internal", `cpu.download: ${into.byteLength} bytes from a buffer of ${buffer.sizeBytes}`);
    }
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    bytes.set(new Uint8Array(this.#memory.buffer, address, into.byteLength));
    return into;
  }

  dispose(): void {
    this.#disposed = true;
  }

  #check(what: string): void {
    if (this.#disposed) throw new AssayError("internal", `cpu.${what}: the device is disposed`);
  }

  #own(what: string, buffer: DeviceBuffer): CpuBuffer {
    this.#check(what);
    if (!(buffer instanceof CpuBuffer) || buffer.owner !== this) {
      throw new AssayError("internal", `cpu.${what}: the buffer belongs to another device`);
    }
    if (buffer.freed) throw new AssayError("internal", `cpu.${what}: the buffer is freed`);
    return buffer;
  }
}

import { AssayError } from "@assay/schema";
import type { Argument, Device, DeviceBuffer } from "../device.ts";
import { callerOf, functionNames, mostArguments } from "./cpu-ranges.js";
import type { CpuThreads } from "./cpu-threads.ts";
import { LinearMemory } from "./linear-memory.ts";

/** Functions of the module that are no kernels. */
const notKernels: readonly string[] = ["heapBase", "startThread"];

/** What a CpuDevice runs on. */
export interface CpuParts {
  readonly module: WebAssembly.Module;
  readonly instance: WebAssembly.Instance;
  readonly memory: WebAssembly.Memory;
  /** The size that the memory can grow to, in bytes. */
  readonly mostBytes: number;
  /** Where the kernels' buffers begin. */
  readonly base: number;
  readonly description: string;
  /** Null where the calling thread works alone. */
  readonly threads: CpuThreads | null;
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

/**
 * Everything but the kernels' own code: memory, checks of arguments, the order of calls, errors. After a kernel has
 * stopped or a thread has died every call but `free` and `dispose` says so, as nobody knows what was written by then.
 */
export class CpuDevice implements Device {
  readonly name = "cpu";
  readonly description: string;
  readonly maxBufferBytes: number;
  readonly #names: readonly string[];
  #parts: CpuParts | null;
  readonly #pieces: LinearMemory;
  /** The last call that has not ended yet: what comes in meanwhile waits for it. */
  #last: Promise<void> | null = null;
  /** How many calls that have not ended use a buffer. */
  readonly #uses = new Map<CpuBuffer, number>();
  #failure: AssayError | null = null;

  constructor(parts: CpuParts) {
    this.description = parts.description;
    this.maxBufferBytes = parts.mostBytes - Math.ceil(parts.base / 64) * 64;
    this.#names = functionNames(parts.module);
    this.#parts = parts;
    this.#pieces = new LinearMemory(parts.memory, parts.base);
  }

  get host(): Device {
    return this;
  }

  get allocatedBytes(): number {
    return this.#parts ? this.#pieces.allocatedBytes : 0;
  }

  /** Bytes of the whole WASM memory, free pieces too; it grows and never shrinks. */
  get reservedBytes(): number {
    return this.#parts?.memory.buffer.byteLength ?? 0;
  }

  allocate(sizeBytes: number): DeviceBuffer {
    this.#check("allocate");
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
      throw new AssayError("internal", `cpu.allocate: size must be an integer from 0, got ${sizeBytes}`);
    }
    return new CpuBuffer(this, this.#pieces.allocate(sizeBytes), sizeBytes, (buffer) => {
      if (this.#parts) this.#pieces.free(buffer.address, buffer.sizeBytes);
    });
  }

  clear(buffer: DeviceBuffer): void {
    const own = this.#own("clear", buffer);
    void this.#inOrder("clear", [own], ({ memory }) => {
      new Uint8Array(memory.buffer, own.address, own.sizeBytes).fill(0);
    });
  }

  upload(buffer: DeviceBuffer, data: ArrayBufferView): void {
    const own = this.#own("upload", buffer);
    if (data.byteLength > buffer.sizeBytes) {
      throw new AssayError("internal", `cpu.upload: ${data.byteLength} bytes into a buffer of ${buffer.sizeBytes}`);
    }
    const given = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const write = (bytes: Uint8Array, { memory }: CpuParts): void => {
      new Uint8Array(memory.buffer, own.address, bytes.byteLength).set(bytes);
    };
    // While other threads are at work this one may lay out what comes next.
    if (!this.#uses.has(own)) write(given, this.#check("upload"));
    else {
      // The caller may change its data as soon as this returns.
      const kept = given.slice();
      void this.#inOrder("upload", [own], (parts) => write(kept, parts));
    }
  }

  dispatch(kernel: string, args: readonly Argument[], items?: number): Promise<void> {
    try {
      const { instance } = this.#check("dispatch");
      const given = args.length + (items === undefined ? 0 : 2);
      const entry = notKernels.includes(kernel) ? undefined : instance.exports[kernel];
      if (typeof entry !== "function" || entry.length !== given || args.length > mostArguments) {
        throw new AssayError("internal", `cpu.dispatch: no kernel ${kernel} of ${given} arguments`);
      }
      if (items !== undefined && (!Number.isInteger(items) || items < 0 || items > 4294967295)) {
        throw new AssayError("internal", `cpu.dispatch: items of ${kernel} must be from 0 to 2^32 − 1, got ${items}`);
      }
      const used: CpuBuffer[] = [];
      const values = args.map((value) => {
        if (typeof value !== "object") return value;
        const own = this.#own("dispatch", value);
        used.push(own);
        return own.address;
      });
      return this.#inOrder("dispatch", used, ({ threads }) => {
        if (items === undefined || !threads || items < 2) {
          return this.#runAlone(kernel, entry, items === undefined ? values : [...values, 0, items]);
        }
        const call = callerOf(entry, values);
        return threads.run({ kernel, entry: this.#names.indexOf(kernel), args: values, items, call });
      });
    } catch (error) {
      const rejected = Promise.reject(error);
      if (error === this.#failure) rejected.catch(() => {});
      return rejected;
    }
  }

  async download<T extends ArrayBufferView>(buffer: DeviceBuffer, into: T): Promise<T> {
    const own = this.#own("download", buffer);
    if (into.byteLength > buffer.sizeBytes) {
      throw new AssayError("internal", `cpu.download: ${into.byteLength} bytes from a buffer of ${buffer.sizeBytes}`);
    }
    await this.#inOrder("download", [own], ({ memory }) => {
      const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
      bytes.set(new Uint8Array(memory.buffer, own.address, into.byteLength));
    });
    return into;
  }

  /** Ends the threads and lets go of the memory. */
  dispose(): void {
    this.#parts?.threads?.dispose();
    this.#parts = null;
  }

  #runAlone(
    kernel: string,
    entry: WebAssembly.ExportValue & CallableFunction,
    values: readonly (number | bigint)[],
  ): void {
    try {
      Reflect.apply(entry, undefined, values);
    } catch (cause) {
      this.#failure = new AssayError(
        "device-failed",
        `cpu: kernel ${kernel} stopped: ${String(cause)}; open the device anew`,
        { cause },
      );
      throw this.#failure;
    }
  }

  /** Does `work` at once where nothing is under way, else after what is. */
  #inOrder(
    what: string,
    buffers: readonly CpuBuffer[],
    work: (parts: CpuParts) => void | Promise<void>,
  ): Promise<void> {
    const checked = () => work(this.#check(what));
    let done: Promise<void>;
    if (this.#last) done = this.#last.then(checked, checked);
    else {
      const result = checked();
      if (!result) return Promise.resolve();
      done = result;
    }
    // Whoever does not look at this promise hears of a failure in the next download, as nothing works after it.
    for (const buffer of buffers) this.#uses.set(buffer, (this.#uses.get(buffer) ?? 0) + 1);
    const end = (): void => {
      if (this.#last === done) this.#last = null;
      for (const buffer of buffers) {
        const left = (this.#uses.get(buffer) ?? 1) - 1;
        if (left > 0) this.#uses.set(buffer, left);
        else this.#uses.delete(buffer);
      }
    };
    this.#last = done;
    done.then(end, end);
    return done;
  }

  #check(what: string): CpuParts {
    if (!this.#parts) throw new AssayError("internal", `cpu.${what}: the device is disposed`);
    const failure = this.#failure ?? this.#parts.threads?.failure;
    if (failure) throw failure;
    return this.#parts;
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

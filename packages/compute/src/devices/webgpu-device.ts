import { AssayError } from "@assay/schema";
import type { Argument, Device, DeviceBuffer } from "../device.ts";
import { readGpuArguments } from "./gpu-arguments.ts";
import { type WebGpuCode, WebGpuPipelines } from "./webgpu-pipelines.ts";
import { WebGpuProgress } from "./webgpu-progress.ts";
import { type ScopeError, WebGpuScopes } from "./webgpu-scopes.ts";
import { WebGpuStaging } from "./webgpu-staging.ts";

/** Numbers that the WebGPU standard gives names: Node has no globals for them. */
const copySource = 0x4;
const copyDestination = 0x8;
const storage = 0x80;
const mapRead = 0x1;

/** An invocation's number is a u32; workgroups in two dimensions can be up to so many invocations more than items. */
const mostItems = 2 ** 32 - 2 ** 24;
/** Beyond so many submissions under way `dispatch` waits until half of them have ended. */
const longestBacklog = 256;

class WebGpuBuffer implements DeviceBuffer {
  readonly owner: WebGpuDevice;
  readonly gpu: GPUBuffer;
  readonly sizeBytes: number;
  /** Why its content is not to be had: no memory for it, or a kernel that went wrong. */
  error: AssayError | null = null;
  freed = false;
  readonly #release: (buffer: WebGpuBuffer) => void;

  constructor(owner: WebGpuDevice, gpu: GPUBuffer, sizeBytes: number, release: (buffer: WebGpuBuffer) => void) {
    this.owner = owner;
    this.gpu = gpu;
    this.sizeBytes = sizeBytes;
    this.#release = release;
  }

  free(): void {
    if (this.freed) return;
    this.freed = true;
    this.gpu.destroy();
    this.#release(this);
  }
}

export interface WebGpuParts {
  /** What the device came from; kept, since a device ends when it is collected. */
  readonly gpu: GPU;
  readonly device: GPUDevice;
  readonly description: string;
  readonly host: Device;
  readonly timeoutMs: number;
  readonly code?: WebGpuCode;
}

/**
 * A GPU through WebGPU. Calls go into its queue in their order and return at once. WebGPU says later what went wrong with
 * a call: the buffers that it was to write are then marked with the error, and it is thrown where one of them is used.
 */
export class WebGpuDevice implements Device {
  readonly name = "webgpu";
  readonly description: string;
  readonly host: Device;
  readonly maxBufferBytes: number;
  readonly #parts: WebGpuParts;
  readonly #device: GPUDevice;
  readonly #scopes: WebGpuScopes;
  readonly #pipelines: WebGpuPipelines;
  readonly #progress: WebGpuProgress;
  readonly #staging: WebGpuStaging;
  /** Those who wait for the GPU, told when it is gone. */
  readonly #waiting = new Set<(error: AssayError) => void>();
  #allocatedBytes = 0;
  #disposed = false;
  #end: AssayError | null = null;

  /** @param parts a device of its own, which is destroyed with this one */
  constructor(parts: WebGpuParts) {
    const { device, description, host, timeoutMs } = parts;
    this.#parts = parts;
    this.#device = device;
    this.description = description;
    this.host = host;
    const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
    this.maxBufferBytes = Math.floor(Math.min(maxBufferSize, maxStorageBufferBindingSize) / 16) * 16;
    this.#scopes = new WebGpuScopes(device);
    this.#pipelines = new WebGpuPipelines(device, this.#scopes, parts.code);
    this.#staging = new WebGpuStaging(device);
    this.#progress = new WebGpuProgress(device.queue, timeoutMs, (label) => {
      this.#finish(
        new AssayError(
          "device-timeout",
          `webgpu: ${label} did not end within ${timeoutMs} ms; the device is given up: open it again, with a higher timeoutMs where the work is that long`,
        ),
      );
    });
    device.lost.then(({ message }) => {
      const why = message.trim() || "its driver stopped or it was taken away";
      this.#finish(new AssayError("device-lost", `webgpu: ${description} is lost: ${why}; open the device again`));
    });
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.#finish(new AssayError("device-failed", `webgpu: ${description} failed: ${event.error.message.trim()}`));
    });
  }

  get allocatedBytes(): number {
    return this.#disposed ? 0 : this.#allocatedBytes;
  }

  allocate(sizeBytes: number): DeviceBuffer {
    this.#check();
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
      throw new AssayError("internal", `webgpu.allocate: size must be an integer from 0, got ${sizeBytes}`);
    }
    if (sizeBytes > this.maxBufferBytes) {
      throw new AssayError(
        "device-out-of-memory",
        `webgpu.allocate: ${sizeBytes} bytes asked for, one buffer on ${this.description} holds ${this.maxBufferBytes}; use fewer rows at once`,
      );
    }
    const before = this.#allocatedBytes;
    // Whole elements of every type that WGSL has, and at least one.
    const size = Math.max(16, Math.ceil(sizeBytes / 16) * 16);
    const gpu = this.#scopes.watch(
      () => this.#device.createBuffer({ size, usage: storage | copySource | copyDestination }),
      (error) => {
        if (!error) return;
        buffer.error =
          error.kind === "out-of-memory"
            ? new AssayError(
                "device-out-of-memory",
                `webgpu.allocate: no ${sizeBytes} bytes left on ${this.description} beside ${before} in use; use fewer rows at once`,
              )
            : errorOf("allocate", error);
      },
    );
    const buffer = new WebGpuBuffer(this, gpu, sizeBytes, () => {
      this.#allocatedBytes -= sizeBytes;
    });
    this.#allocatedBytes += sizeBytes;
    return buffer;
  }

  clear(buffer: DeviceBuffer): void {
    const own = this.#own("clear", buffer);
    this.#submit(
      "clear",
      (encoder) => encoder.clearBuffer(own.gpu),
      (error) => {
        if (error) own.error ??= errorOf("clear", error);
      },
    );
  }

  upload(buffer: DeviceBuffer, data: ArrayBufferView): void {
    const own = this.#own("upload", buffer);
    if (data.byteLength > own.sizeBytes) {
      throw new AssayError("internal", `webgpu.upload: ${data.byteLength} bytes into a buffer of ${own.sizeBytes}`);
    }
    // WebGPU moves words of 4 bytes; the last one is filled up with 0.
    const given = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const whole = given.length - (given.length % 4);
    const rest = new Uint8Array(4);
    rest.set(given.subarray(whole));
    // The binding for Node takes no memory that is shared between threads.
    const bytes = given.buffer instanceof ArrayBuffer ? given : given.slice();
    const { queue } = this.#device;
    this.#scopes.watch(
      () => {
        if (whole > 0) queue.writeBuffer(own.gpu, 0, bytes.buffer, bytes.byteOffset, whole);
        if (whole < given.length) queue.writeBuffer(own.gpu, whole, rest);
      },
      (error) => {
        if (error) own.error ??= errorOf("upload", error);
      },
    );
  }

  async dispatch(kernel: string, args: readonly Argument[], items?: number): Promise<void> {
    this.#check();
    const found = this.#pipelines.find(kernel);
    const { pipeline, layout, uniforms, entry } = found;
    if (items === undefined || !Number.isInteger(items) || items < 0 || items > mostItems) {
      throw new AssayError("internal", `webgpu.dispatch: ${kernel} needs items from 0 to ${mostItems}, got ${items}`);
    }
    const groups = Math.ceil(items / entry.group);
    const most = this.#device.limits.maxComputeWorkgroupsPerDimension;
    const rows = Math.ceil(groups / most);
    const columns = Math.ceil(groups / Math.max(rows, 1));
    if (rows > most) {
      throw new AssayError(
        "internal",
        `webgpu.dispatch: ${items} items of ${kernel} at once, at most ${most * most * entry.group}; cut them`,
      );
    }
    const { buffers, written, values } = readGpuArguments("webgpu", entry, args, items, (buffer) =>
      this.#own("dispatch", buffer),
    );
    for (const { error } of buffers) if (error) throw error;
    if (found.error) throw found.error;
    if (items === 0) return;
    this.#submit(
      `kernel ${kernel}`,
      (encoder) => {
        this.#device.queue.writeBuffer(uniforms, 0, values);
        const bound = [...buffers.map(({ gpu }) => gpu), uniforms];
        const entries = bound.map((buffer, binding) => ({ binding, resource: { buffer } }));
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, this.#device.createBindGroup({ layout, entries }));
        pass.dispatchWorkgroups(columns, rows);
        pass.end();
      },
      (error) => {
        const wrong =
          found.error ?? buffers.find((buffer) => buffer.error)?.error ?? (error && errorOf(`kernel ${kernel}`, error));
        if (wrong) for (const buffer of written) buffer.error ??= wrong;
      },
    );
    if (this.#progress.backlog > longestBacklog) await this.#until(this.#progress.below(longestBacklog / 2));
  }

  async download<T extends ArrayBufferView>(buffer: DeviceBuffer, into: T): Promise<T> {
    const own = this.#own("download", buffer);
    const length = into.byteLength;
    if (length > own.sizeBytes) {
      throw new AssayError("internal", `webgpu.download: ${length} bytes from a buffer of ${own.sizeBytes}`);
    }
    if (own.error) throw own.error;
    if (length === 0) return into;
    const size = Math.ceil(length / 4) * 4;
    let wrong: AssayError | null = null;
    const staged = this.#submit(
      "download",
      (encoder) => {
        const target = this.#staging.take(size);
        encoder.copyBufferToBuffer(own.gpu, 0, target, 0, size);
        return target;
      },
      (error) => {
        wrong = own.error ?? (error && errorOf("download", error));
      },
    );
    try {
      const told = this.#scopes.settled;
      const mapped = staged.mapAsync(mapRead, 0, size).then(
        () => null,
        (error: unknown) => String(error),
      );
      await this.#until(told);
      if (wrong) throw wrong;
      const failure = await this.#until(mapped);
      if (failure !== null) throw await this.#until(this.#unmapped(failure));
      new Uint8Array(into.buffer, into.byteOffset, length).set(
        new Uint8Array(staged.getMappedRange(0, size), 0, length),
      );
      staged.unmap();
    } catch (error) {
      staged.destroy();
      throw error;
    }
    this.#staging.giveBack(staged);
    return into;
  }

  dispose(): void {
    this.#disposed = true;
    this.host.dispose();
    this.#finish(new AssayError("internal", "webgpu: the device is disposed"));
  }

  /** Submits commands; `told` gets what was wrong with them, after that of all earlier calls. */
  #submit<T>(label: string, encode: (encoder: GPUCommandEncoder) => T, told: (error: ScopeError | null) => void): T {
    const result = this.#scopes.watch(() => {
      const encoder = this.#device.createCommandEncoder();
      const encoded = encode(encoder);
      this.#device.queue.submit([encoder.finish()]);
      return encoded;
    }, told);
    this.#progress.note(label);
    return result;
  }

  /** What is awaited, or the error with which the device ends. */
  #until<T>(work: Promise<T>): Promise<T> {
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      work.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  /** Why a buffer could not be read; where the device is lost, that is told a moment later. */
  async #unmapped(failure: string): Promise<AssayError> {
    await Promise.race([this.#device.lost, new Promise((resolve) => setTimeout(resolve, 1000))]);
    return new AssayError("device-failed", `webgpu.download: ${this.description} gave nothing back: ${failure}`);
  }

  /** The device ends, once, for everything under way and later. */
  #finish(error: AssayError): void {
    if (this.#end) return;
    this.#end = error;
    for (const reject of this.#waiting) reject(error);
    this.#waiting.clear();
    this.#progress.stop();
    // Where work is under way, destroying would hold this thread up until it has ended.
    const destroy = (): void => this.#parts.device.destroy();
    if (this.#progress.backlog === 0) destroy();
    else this.#device.queue.onSubmittedWorkDone().then(destroy, destroy);
  }

  #check(): void {
    if (this.#end) throw this.#end;
  }

  #own(what: string, buffer: DeviceBuffer): WebGpuBuffer {
    this.#check();
    if (!(buffer instanceof WebGpuBuffer) || buffer.owner !== this) {
      throw new AssayError("internal", `webgpu.${what}: the buffer belongs to another device`);
    }
    if (buffer.freed) throw new AssayError("internal", `webgpu.${what}: the buffer is freed`);
    return buffer;
  }
}

function errorOf(what: string, { kind, message }: ScopeError): AssayError {
  const code = kind === "out-of-memory" ? "device-out-of-memory" : kind === "internal" ? "device-failed" : "internal";
  return new AssayError(code, `webgpu: ${what}: ${message}`);
}

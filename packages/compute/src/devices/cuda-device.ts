import { AssayError } from "@assay/schema";
import type { Argument, Device, DeviceBuffer } from "../device.ts";
import { CudaContext } from "./cuda-context.ts";
import type { CudaDriver, FoundCard } from "./cuda-driver.ts";
import { type CudaEntry, type CudaKernel, CudaKernels } from "./cuda-kernels.ts";
import { CudaMemory } from "./cuda-memory.ts";
import { CudaQueue } from "./cuda-queue.ts";
import { CudaStaging } from "./cuda-staging.ts";
import { readGpuArguments } from "./gpu-arguments.ts";

/** 2^32 words: what the 32-bit indexes of kernels reach. */
const mostBufferBytes = 2 ** 34;
/** Uploads are cut into such pieces, at most so many bytes of them on their way. */
const uploadPiece = 2 ** 25;
const uploadsUnderWay = 2 ** 27;
/** Beyond so many queued pieces `dispatch` waits until half of them have ended: the driver's own queue must not fill up. */
const longestBacklog = 256;
const mostParameters = 32;

export interface CudaDeviceOptions {
  readonly timeoutMs: number;
  readonly kernels: readonly CudaKernel[];
  /** Ends with the device. */
  readonly host: Device;
}

/** Opens a card. @throws AssayError device-unavailable; device-out-of-memory where the card has no room for a context */
export async function openCard(found: FoundCard, options: CudaDeviceOptions): Promise<CudaDevice> {
  const { driver, card, description } = found;
  const out = new BigUint64Array(1);
  // 4: threads that wait in the driver sleep and do not spin.
  const result = await driver.callAside("cuCtxCreate_v2", out, 4, card.ordinal);
  if (result !== 0) {
    const code = result === 2 ? "device-out-of-memory" : "device-unavailable";
    throw new AssayError(code, `cuda: ${description} cannot be opened: ${driver.describe(result)}; use cpu or auto`);
  }
  const context = out[0] ?? 0n;
  try {
    return new CudaDevice(found, context, options);
  } catch (error) {
    driver.call("cuCtxDestroy_v2", context);
    throw error;
  }
}

class CudaBuffer implements DeviceBuffer {
  readonly owner: CudaDevice;
  readonly address: bigint;
  readonly sizeBytes: number;
  freed = false;
  readonly #release: (buffer: CudaBuffer) => void;

  constructor(owner: CudaDevice, address: bigint, sizeBytes: number, release: (buffer: CudaBuffer) => void) {
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

/** An NVIDIA card with a context and one stream of its own. No call waits for the card but `download`'s promise. */
export class CudaDevice implements Device {
  readonly name = "cuda";
  readonly description: string;
  readonly host: Device;
  readonly maxBufferBytes: number;
  readonly #context: CudaContext;
  readonly #queue: CudaQueue;
  readonly #memory: CudaMemory;
  readonly #staging: CudaStaging;
  readonly #kernels: CudaKernels;
  /** Parameters of a launch, 8 bytes each, and after them their addresses. */
  readonly #launch: ReturnType<CudaDriver["reserve"]>;
  readonly #parameters: DataView;
  #allocatedBytes = 0;
  #disposed = false;

  /** @param context a context of the card found, which this device owns from here on */
  constructor({ driver, card, description }: FoundCard, context: bigint, options: CudaDeviceOptions) {
    this.description = description;
    this.host = options.host;
    this.maxBufferBytes = Math.min(card.memoryBytes, mostBufferBytes);
    this.#context = new CudaContext(driver, context);
    this.#queue = new CudaQueue(this.#context, options.timeoutMs);
    this.#memory = new CudaMemory(this.#context, this.#queue, card.memoryBytes / 8);
    this.#staging = new CudaStaging(this.#context, this.#queue);
    this.#kernels = new CudaKernels(this.#context, options.kernels);
    this.#launch = driver.reserve(16 * mostParameters);
    this.#parameters = new DataView(this.#launch.bytes);
    for (let index = 0; index < mostParameters; index++) {
      const address = this.#launch.address + BigInt(8 * index);
      this.#parameters.setBigUint64(8 * (mostParameters + index), address, true);
    }
  }

  get allocatedBytes(): number {
    return this.#allocatedBytes;
  }

  /** Bytes held on the card, those of freed buffers that are kept for the next ones too. */
  get reservedBytes(): number {
    return this.#disposed ? 0 : this.#memory.reservedBytes;
  }

  allocate(sizeBytes: number): DeviceBuffer {
    this.#check("allocate");
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
      throw new AssayError("internal", `cuda.allocate: size must be an integer from 0, got ${sizeBytes}`);
    }
    if (sizeBytes > this.maxBufferBytes) {
      throw new AssayError(
        "device-out-of-memory",
        `cuda.allocate: ${sizeBytes} bytes asked for, one buffer on ${this.description} holds ${this.maxBufferBytes}; use fewer rows at once`,
      );
    }
    const buffer = new CudaBuffer(this, this.#memory.allocate(sizeBytes), sizeBytes, ({ address }) => {
      if (this.#disposed) return;
      this.#memory.free(address, sizeBytes);
      this.#allocatedBytes -= sizeBytes;
    });
    this.#allocatedBytes += sizeBytes;
    return buffer;
  }

  clear(buffer: DeviceBuffer): void {
    const { address, sizeBytes } = this.#own("clear", buffer);
    if (sizeBytes === 0) return;
    this.#context.call("clear", "cuMemsetD8Async", address, 0, sizeBytes, this.#context.stream);
    this.#queue.mark("clear", "clear");
  }

  upload(buffer: DeviceBuffer, data: ArrayBufferView): void {
    const { address, sizeBytes } = this.#own("upload", buffer);
    if (data.byteLength > sizeBytes) {
      throw new AssayError("internal", `cuda.upload: ${data.byteLength} bytes into a buffer of ${sizeBytes}`);
    }
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let start = 0; start < bytes.length; start += uploadPiece) {
      const part = bytes.subarray(start, start + uploadPiece);
      this.#queue.ask("upload");
      if (this.#staging.lentBytes + part.length > uploadsUnderWay) {
        this.#queue.reachBlocking("upload", this.#staging.oldestTicket);
      }
      const staged = this.#staging.take("upload", part.length);
      staged.bytes.set(part);
      const target = address + BigInt(start);
      const { stream } = this.#context;
      this.#context.call("upload", "cuMemcpyHtoDAsync_v2", target, staged.address, part.length, stream);
      this.#staging.giveBackAfter(this.#queue.mark("upload", "upload"), staged);
    }
  }

  async dispatch(kernel: string, args: readonly Argument[], items?: number): Promise<void> {
    this.#check("dispatch");
    const { entry, handle } = this.#kernels.find(kernel);
    const { group, parameters } = entry;
    const most = 2 ** 32 - group;
    if (items === undefined || !Number.isInteger(items) || items < 0 || items > most) {
      throw new AssayError("internal", `cuda.dispatch: ${kernel} needs items from 0 to ${most}, got ${items}`);
    }
    const { buffers, values } = readGpuArguments("cuda", entry, args, items, (buffer) => this.#own("dispatch", buffer));
    this.#setParameters(parameters, buffers, new DataView(values.buffer));
    if (items === 0) return;
    const pointers = this.#launch.address + BigInt(8 * mostParameters);
    const grid = Math.ceil(items / group);
    const { stream } = this.#context;
    this.#context.call("dispatch", "cuLaunchKernel", handle, grid, 1, 1, group, 1, 1, 0, stream, pointers, null);
    const ticket = this.#queue.mark("dispatch", `kernel ${kernel}`);
    if (this.#queue.backlog > longestBacklog) await this.#queue.reach("dispatch", ticket - longestBacklog / 2);
  }

  async download<T extends ArrayBufferView>(buffer: DeviceBuffer, into: T): Promise<T> {
    const { address, sizeBytes } = this.#own("download", buffer);
    const length = into.byteLength;
    if (length > sizeBytes) {
      throw new AssayError("internal", `cuda.download: ${length} bytes from a buffer of ${sizeBytes}`);
    }
    if (length === 0) return into;
    const staged = this.#staging.take("download", length);
    this.#context.call("download", "cuMemcpyDtoHAsync_v2", staged.address, address, length, this.#context.stream);
    const ticket = this.#queue.mark("download", "download");
    await this.#queue.reach("download", ticket);
    new Uint8Array(into.buffer, into.byteOffset, length).set(staged.bytes.subarray(0, length));
    this.#staging.giveBack(staged);
    if (this.#queue.backlog === 0) {
      this.#memory.trim();
      this.#staging.trim();
    }
    return into;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#allocatedBytes = 0;
    this.host.dispose();
    this.#context.giveUp(new AssayError("internal", "it was disposed"));
    this.#end();
  }

  /** Items and the parameters, each in a place of its own from which the driver takes it. */
  #setParameters(types: CudaEntry["entry"]["parameters"], buffers: readonly CudaBuffer[], values: DataView): void {
    if (types.length >= mostParameters) throw new AssayError("internal", `cuda.dispatch: ${types.length} parameters`);
    const rest = buffers.values();
    let at = 0;
    this.#parameters.setUint32(0, values.getUint32(0, true), true);
    for (const [index, type] of types.entries()) {
      const place = 8 * (index + 1);
      if (type === "read" || type === "write") {
        this.#parameters.setBigUint64(place, rest.next().value?.address ?? 0n, true);
      } else {
        at += 4;
        this.#parameters.setUint32(place, values.getUint32(at, true), true);
      }
    }
  }

  /**
   * Freeing a context waits for its card. Where work is still under way, that is done when it has ended; should it never
   * end, the operating system frees what the process held.
   */
  #end(): void {
    if (this.#queue.isStopped()) {
      this.#launch.free();
      this.#context.destroy();
      return;
    }
    setTimeout(() => this.#end(), 50).unref();
  }

  #check(what: string): void {
    if (this.#disposed) throw new AssayError("internal", `cuda.${what}: the device is disposed`);
    this.#context.check(what);
  }

  #own(what: string, buffer: DeviceBuffer): CudaBuffer {
    this.#check(what);
    if (!(buffer instanceof CudaBuffer) || buffer.owner !== this) {
      throw new AssayError("internal", `cuda.${what}: the buffer belongs to another device`);
    }
    if (buffer.freed) throw new AssayError("internal", `cuda.${what}: the buffer is freed`);
    return buffer;
  }
}

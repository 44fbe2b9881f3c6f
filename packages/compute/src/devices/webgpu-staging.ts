/** Numbers that the WebGPU standard gives names: Node has no globals for them. */
const copyDestination = 0x8;
const mapRead = 0x1;

const leastBytes = 65536;
/** Together no more than so many bytes wait for the next download. */
const mostIdleBytes = 64 * 2 ** 20;

/** Buffers that the host can read, used again and again. */
export class WebGpuStaging {
  readonly #device: GPUDevice;
  readonly #idle: GPUBuffer[] = [];
  #idleBytes = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** One of at least `sizeBytes`: an idle one that is not much too large, or a new one. */
  take(sizeBytes: number): GPUBuffer {
    const size = Math.max(leastBytes, 2 ** Math.ceil(Math.log2(sizeBytes)));
    const index = this.#idle.findIndex((buffer) => buffer.size >= sizeBytes && buffer.size <= size);
    const [found] = index < 0 ? [] : this.#idle.splice(index, 1);
    if (found) {
      this.#idleBytes -= found.size;
      return found;
    }
    // Large ones are not kept, so they are no larger than needed.
    const exact = size > mostIdleBytes ? sizeBytes : size;
    return this.#device.createBuffer({ label: "download", size: exact, usage: copyDestination | mapRead });
  }

  /** Takes back an unmapped buffer. */
  giveBack(buffer: GPUBuffer): void {
    if (this.#idleBytes + buffer.size > mostIdleBytes) {
      buffer.destroy();
      return;
    }
    this.#idle.push(buffer);
    this.#idleBytes += buffer.size;
  }
}

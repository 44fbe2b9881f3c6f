import type { Device, DeviceBuffer } from "../device.ts";

/** A buffer that lives until the kernel's entry returns. Its content is any, or all bytes 0. */
export type TakeBuffer = (sizeBytes: number, content: "any" | "zero") => DeviceBuffer;

/** Runs `work` and frees every buffer it took, whether it returns or throws. */
export async function useBuffers<T>(device: Device, work: (take: TakeBuffer) => Promise<T>): Promise<T> {
  const taken: DeviceBuffer[] = [];
  try {
    return await work((sizeBytes, content) => {
      const buffer = device.allocate(sizeBytes);
      taken.push(buffer);
      if (content === "zero") device.upload(buffer, new Uint8Array(sizeBytes));
      return buffer;
    });
  } finally {
    for (const buffer of taken.reverse()) buffer.free();
  }
}

import { modelError } from "../model-error.ts";

/** A small gzip can hold more than memory: what it unpacks to ends here. */
const mostBytes = 2 ** 29;

/** The bytes of a file, unpacked where it is a gzip. @throws AssayError model-invalid, data-too-large */
export async function gunzip(file: string, bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const reader = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw modelError(
        file,
        null,
        `its gzip is damaged or cut off: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    });
    if (done) break;
    size += value.length;
    if (size > mostBytes) {
      await reader.cancel();
      throw modelError(file, null, `unpacks to more than ${mostBytes} bytes`, "data-too-large");
    }
    pieces.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

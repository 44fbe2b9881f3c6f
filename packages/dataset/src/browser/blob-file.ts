import { type Digest, digestStream } from "@assay/schema";
import { dataError } from "../data-error.ts";
import type { HostFile } from "../readers/host-file.ts";
import type { Hasher } from "../readers/text/text-source.ts";

const chunkBytes = 1 << 20;

/** Of a file that is held whole to be hashed. */
const wholeBytes = 1 << 29;

/** A file that somebody chose in a browser tab: it is read where it lies, in chunks, and goes nowhere. */
export class BlobFile implements HostFile {
  readonly file: string;
  readonly sizeBytes: number;
  readonly head: Uint8Array;
  readonly blob: Blob;

  private constructor(blob: Blob, file: string, head: Uint8Array) {
    this.blob = blob;
    this.file = file;
    this.sizeBytes = blob.size;
    this.head = head;
  }

  /** @throws AssayError data-invalid for what cannot be read */
  static async open(blob: Blob, file: string): Promise<BlobFile> {
    return new BlobFile(blob, file, await readPart(blob, file, 0, 512));
  }

  hasher(): Hasher {
    const { update, digest } = digestStream();
    return { update, digest };
  }

  /**
   * SHA-256 of all bytes: by the browser itself, which is many times as fast and on a thread of its own, where the page may ask it
   * and the file is small enough to be in memory for that moment.
   */
  async digest(onRaw: (fraction: number) => void): Promise<Digest> {
    const { subtle } = globalThis.crypto ?? {};
    if (subtle !== undefined && this.sizeBytes <= wholeBytes) {
      const hash = await subtle.digest("SHA-256", await this.part(0, this.sizeBytes));
      const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
      onRaw(1);
      return `sha256:${hex}`;
    }
    const { update, digest } = digestStream();
    for await (const _ of this.raw((raw, fraction) => {
      update(raw);
      onRaw(fraction);
    }));
    return digest();
  }

  part(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    return readPart(this.blob, this.file, start, end);
  }

  async *chunks(onRaw?: (raw: Uint8Array, fraction: number) => void): AsyncGenerator<Uint8Array> {
    if (this.head[0] === 0x1f && this.head[1] === 0x8b) yield* this.#gunzipped(onRaw);
    else yield* this.raw(onRaw);
  }

  async *raw(onRaw?: (raw: Uint8Array, fraction: number) => void): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < this.sizeBytes; start += chunkBytes) {
      const end = Math.min(this.sizeBytes, start + chunkBytes);
      const chunk = await readPart(this.blob, this.file, start, end);
      onRaw?.(chunk, end / this.sizeBytes);
      yield chunk;
    }
  }

  async *#gunzipped(onRaw?: (raw: Uint8Array, fraction: number) => void): AsyncGenerator<Uint8Array> {
    const gunzip = new DecompressionStream("gzip");
    const writer = gunzip.writable.getWriter();
    const reader = gunzip.readable.getReader();
    let fault: unknown = null;
    let stopped = false;
    const feed = async (): Promise<void> => {
      for await (const chunk of this.raw(onRaw)) {
        if (stopped) return;
        // A buffer of its own: the stream may keep what it is handed.
        await writer.write(chunk.slice());
      }
      await writer.close();
    };
    void feed().catch((error: unknown) => {
      fault ??= error;
      // The reader sees the stream's own fault.
      void writer.abort(error).catch(() => undefined);
    });
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    } catch (cause) {
      if (fault instanceof Error && fault.name === "AssayError") throw fault;
      throw dataError(
        this.file,
        null,
        "the gzip data is damaged or cut short; compress, copy or download the file again",
        cause,
      );
    } finally {
      stopped = true;
      await reader.cancel().catch(() => undefined);
    }
  }
}

/** Bytes [start, end) of a file; a file that was moved or changed since it was chosen cannot be read any more. */
async function readPart(blob: Blob, file: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await blob.slice(start, end).arrayBuffer());
  } catch (cause) {
    throw dataError(
      file,
      null,
      "the browser cannot read the file (it was moved, renamed or changed since it was chosen, or may not be read); choose it again",
      cause,
    );
  }
}

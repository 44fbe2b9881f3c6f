import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { AssayError, type Digest } from "@assay/schema";
import { dataError } from "../data-error.ts";
import type { HostFile } from "../readers/host-file.ts";
import type { Hasher } from "../readers/text/text-source.ts";

const chunkBytes = 1 << 20;

/** A file on disk, read in chunks; gzip is undone where the bytes begin with its mark. */
export class DiskFile implements HostFile {
  readonly file: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly head: Uint8Array;
  readonly #gzip: boolean;

  private constructor(path: string, file: string, sizeBytes: number, head: Uint8Array) {
    this.path = path;
    this.file = file;
    this.sizeBytes = sizeBytes;
    this.head = head;
    this.#gzip = isGzip(head);
  }

  /** @throws AssayError not-found, forbidden, data-invalid for what is no file */
  static async open(path: string, file: string): Promise<DiskFile> {
    try {
      const found = await stat(path);
      if (!found.isFile())
        throw dataError(file, null, "this is a folder or device, not a file; give the data file itself");
      const handle = await open(path, "r");
      try {
        const head = new Uint8Array(512);
        const { bytesRead } = await handle.read(head, 0, head.length, 0);
        return new DiskFile(path, file, found.size, head.subarray(0, bytesRead));
      } finally {
        await handle.close();
      }
    } catch (cause) {
      throw fileError(file, cause);
    }
  }

  hasher(): Hasher {
    return sha256Hasher();
  }

  async part(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const handle = await open(this.path, "r").catch((cause: unknown) => {
      throw fileError(this.file, cause);
    });
    try {
      const part = new Uint8Array(end - start);
      const { bytesRead } = await handle.read(part, 0, part.length, start);
      return part.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  async *chunks(onRaw?: (raw: Uint8Array, fraction: number) => void): AsyncGenerator<Uint8Array> {
    if (this.#gzip) yield* this.#gunzipped(onRaw);
    else yield* this.raw(onRaw);
  }

  /** The bytes as they lie on disk. */
  async *raw(onRaw?: (raw: Uint8Array, fraction: number) => void): AsyncGenerator<Uint8Array> {
    const handle = await open(this.path, "r").catch((cause: unknown) => {
      throw fileError(this.file, cause);
    });
    try {
      const buffer = new Uint8Array(chunkBytes);
      let position = 0;
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0) return;
        position += bytesRead;
        const chunk = buffer.subarray(0, bytesRead);
        onRaw?.(chunk, Math.min(1, position / this.sizeBytes));
        yield chunk;
      }
    } finally {
      await handle.close();
    }
  }

  async *#gunzipped(onRaw?: (raw: Uint8Array, fraction: number) => void): AsyncGenerator<Uint8Array> {
    const gunzip = createGunzip({ chunkSize: chunkBytes });
    const source = this.raw(onRaw);
    let readFault: unknown = null;
    let stopped = false;
    const feed = async (): Promise<void> => {
      for await (const chunk of source) {
        if (stopped) return;
        // The buffer is used again for the next chunk, so gunzip must be done with this one first.
        await new Promise<void>((resolve) => gunzip.write(chunk, () => resolve()));
      }
      gunzip.end();
    };
    void feed().catch((error: unknown) => {
      readFault = error;
      gunzip.destroy();
    });
    try {
      for await (const chunk of gunzip) yield chunk as Uint8Array;
      if (readFault !== null) throw readFault;
    } catch (cause) {
      throw zlibFault(this.file, cause);
    } finally {
      stopped = true;
      gunzip.destroy();
      await source.return(undefined);
    }
  }
}

function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

function sha256Hasher(): Hasher {
  const hash = createHash("sha256");
  return {
    update: (bytes) => void hash.update(bytes),
    digest: (): Digest => `sha256:${hash.digest("hex")}`,
  };
}

function zlibFault(file: string, cause: unknown): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  if (code === "Z_BUF_ERROR") {
    return dataError(
      file,
      null,
      "the gzip data ends too early: the file is cut short; copy or download it again",
      cause,
    );
  }
  return code === "Z_DATA_ERROR"
    ? dataError(file, null, "the gzip data is damaged; compress or download the file again", cause)
    : cause;
}

function fileError(file: string, cause: unknown): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new AssayError(
      "not-found",
      `${file}: there is no such file; check the path, which is relative to the plan`,
      { cause },
    );
  }
  if (code === "EACCES" || code === "EPERM") {
    return new AssayError("forbidden", `${file}: the file may not be read; change its permissions`, { cause });
  }
  return cause;
}

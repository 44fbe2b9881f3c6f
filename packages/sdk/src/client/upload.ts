import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { AssayError, type Digest } from "@assay/schema";
import { DetailedError, Upload } from "tus-js-client";
import { type Connection, toldError } from "./connection.ts";

export interface UploadOptions {
  readonly signal?: AbortSignal;
  /** Fraction sent, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  /** The file's name in messages; its path unless told. */
  readonly shown?: string;
  /** What the file is, in messages: data unless told. */
  readonly what?: "data" | "model";
}

const chunkBytes = 8 * 1024 * 1024;

/**
 * Sends a file by the tus protocol, in chunks; a dropped connection goes on where it stopped, and so does a later call after one
 * that broke off. Bytes that the server has already are not sent.
 * @returns the upload's id, for `datasets.create` and `models.create`
 * @throws AssayError not-found, forbidden, data-invalid for what is no file, data-too-large, disk-full,
 * digest-mismatch, unauthorized, unreachable, cancelled
 */
export async function uploadFile(
  connection: Connection,
  project: string,
  path: string,
  options: UploadOptions = {},
): Promise<string> {
  const { signal, shown = path, what = "data" } = options;
  let size: number;
  const hash = createHash("sha256");
  try {
    const found = await stat(path);
    if (!found.isFile()) {
      throw new AssayError("data-invalid", `${shown} is a folder or device, not a file; give the ${what} file itself`);
    }
    size = found.size;
    await pipeline(createReadStream(path), hash, { ...(signal ? { signal } : {}) });
  } catch (cause) {
    throw fileError(cause, shown);
  }
  const digest: Digest = `sha256:${hash.digest("hex")}`;
  const fileName = basename(path).split("\\").at(-1) || "file";
  const known = await connection.call(
    (api) => api.uploads.reuse.mutate({ project, fileName, digest, sizeBytes: size }),
    { repeat: true },
  );
  if (signal?.aborted) throw new AssayError("cancelled", "cancelled");
  if (known?.complete) {
    options.onProgress?.(1);
    return known.id;
  }
  return new Promise((resolve, reject) => {
    const stream = createReadStream(path);
    const end = (): void => {
      signal?.removeEventListener("abort", onAbort);
      stream.destroy();
    };
    const upload = new Upload(stream, {
      endpoint: `${connection.url}/api/v1/uploads`,
      ...(known === null ? {} : { uploadUrl: `${connection.url}/api/v1/uploads/${known.id}` }),
      headers: { Authorization: `Bearer ${connection.apiKey}` },
      uploadSize: size,
      chunkSize: chunkBytes,
      retryDelays: [250, 1000, 3000, 5000],
      metadata: { filename: fileName, digest, project },
      removeFingerprintOnSuccess: true,
      onProgress: (sent, total) => options.onProgress?.(total === 0 ? 1 : sent / total),
      onError: (error) => {
        end();
        reject(uploadError(error, connection.url));
      },
      onSuccess: () => {
        end();
        const id = upload.url?.split("/").at(-1);
        if (id) resolve(decodeURIComponent(id));
        else reject(new AssayError("internal", "the upload ended without an address"));
      },
    });
    const onAbort = (): void => {
      // What was sent is of no use any more; a server that cannot be told so throws it away by itself.
      upload.abort(true).catch(() => {});
      end();
      reject(new AssayError("cancelled", "cancelled"));
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    else upload.start();
  });
}

function fileError(cause: unknown, shown: string): AssayError {
  if (cause instanceof AssayError) return cause;
  if (cause instanceof Error && cause.name === "AbortError") return new AssayError("cancelled", "cancelled");
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new AssayError("not-found", `${shown}: there is no such file; check the path`, { cause });
  }
  return new AssayError("forbidden", `${shown}: the file cannot be read (${code})`, { cause });
}

function uploadError(error: Error, url: string): AssayError {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  const told = response ? toldError(response.getBody()) : null;
  if (told) return told;
  if (response) {
    return new AssayError("unreachable", `${url} answered the upload with ${response.getStatus()}`, { cause: error });
  }
  const why = error.message.split(",")[0] ?? error.message;
  return new AssayError("unreachable", `the upload to ${url} broke off (${why}); is the server running?`, {
    cause: error,
  });
}

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { AssayError } from "@assay/schema";
import { DetailedError, Upload } from "tus-js-client";
import { type Connection, toldError } from "./connection.ts";

export interface UploadOptions {
  readonly signal?: AbortSignal;
  /** Fraction sent, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

const chunkBytes = 8 * 1024 * 1024;

/**
 * Sends a file by the tus protocol, in chunks; a dropped connection goes on where it stopped.
 * @returns the upload's id, for `datasets.create`
 * @throws AssayError not-found, data-too-large, disk-full, digest-mismatch, unreachable, cancelled
 */
export async function uploadFile(
  connection: Connection,
  project: string,
  path: string,
  options: UploadOptions = {},
): Promise<string> {
  const size = await stat(path).then(
    (found) => found.size,
    (cause: unknown) => {
      throw new AssayError("not-found", `no data file at ${path}`, { cause });
    },
  );
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const digest = `sha256:${hash.digest("hex")}`;
  return new Promise((resolve, reject) => {
    const stream = createReadStream(path);
    const upload = new Upload(stream, {
      endpoint: `${connection.url}/api/v1/uploads`,
      headers: { Authorization: `Bearer ${connection.apiKey}` },
      uploadSize: size,
      chunkSize: chunkBytes,
      retryDelays: [250, 1000, 3000, 5000],
      metadata: { filename: basename(path), digest, project },
      removeFingerprintOnSuccess: true,
      onProgress: (sent, total) => options.onProgress?.(total === 0 ? 1 : sent / total),
      onError: (error) => {
        stream.destroy();
        reject(uploadError(error, connection.url));
      },
      onSuccess: () => {
        const id = upload.url?.split("/").at(-1);
        if (id) resolve(decodeURIComponent(id));
        else reject(new AssayError("internal", "the upload ended without an address"));
      },
    });
    const onAbort = (): void => {
      upload.abort(true).finally(() => {
        stream.destroy();
        reject(new AssayError("cancelled", "cancelled"));
      });
    };
    if (options.signal?.aborted) onAbort();
    else {
      options.signal?.addEventListener("abort", onAbort, { once: true });
      upload.start();
    }
  });
}

function uploadError(error: Error, url: string): AssayError {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  const told = response ? toldError(response.getBody()) : null;
  if (told) return told;
  if (response) {
    return new AssayError("unreachable", `${url} answered the upload with ${response.getStatus()}`, { cause: error });
  }
  return new AssayError("unreachable", `the upload to ${url} broke off: ${error.message}`, { cause: error });
}

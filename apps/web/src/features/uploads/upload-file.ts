import { AssayError, type Digest } from "@assay/schema";
import * as tus from "tus-js-client";
import { faultOf } from "../../trpc/fault.ts";

const chunkBytes = 16 * 1024 * 1024;
/** Files up to here are hashed before they are sent, so that the server can tell a damaged upload. */
const hashedBytes = 256 * 1024 * 1024;

export interface FileUpload {
  /** The upload's id, once the whole file has arrived. */
  readonly finished: Promise<string>;
  /** Stops and forgets it, here and on the server. */
  cancel(): void;
}

/**
 * Sends a file in pieces. After a dropped connection, or after the page was closed, the same file goes on where it
 * stopped; bytes that the server has already are not sent.
 * @throws AssayError, in `finished`: data-too-large, disk-full, digest-mismatch, cancelled, unreachable
 */
export function uploadFile(
  file: File,
  {
    project,
    reuse,
    onProgress,
  }: {
    project: string;
    /** Asks for an upload of bytes that the server has already. */
    reuse: (file: { fileName: string; digest: Digest; sizeBytes: number }) => Promise<{
      readonly id: string;
      readonly complete: boolean;
    } | null>;
    onProgress: (sentBytes: number) => void;
  },
): FileUpload {
  let upload: tus.Upload | null = null;
  let cancelled = false;
  let reject: (error: unknown) => void = () => {};
  const finished = new Promise<string>((resolve, refuse) => {
    reject = refuse;
    const begin = async () => {
      const digest = await digestOf(file);
      if (cancelled) return;
      const known = digest === null ? null : await reuse({ fileName: file.name, digest, sizeBytes: file.size });
      if (cancelled) return;
      if (known?.complete) {
        onProgress(file.size);
        resolve(known.id);
        return;
      }
      const metadata = { filename: file.name, project, ...(digest === null ? {} : { digest }) };
      const sending = new tus.Upload(file, {
        endpoint: "/api/v1/uploads",
        chunkSize: chunkBytes,
        metadata,
        retryDelays: [0, 1000, 3000, 5000],
        removeFingerprintOnSuccess: true,
        onProgress,
        onSuccess: () => resolve(sending.url?.split("/").at(-1) ?? ""),
        onError: (error) => refuse(uploadError(error)),
      });
      upload = sending;
      const [before] = await sending.findPreviousUploads();
      if (cancelled) return;
      if (before !== undefined) sending.resumeFromPreviousUpload(before);
      sending.start();
    };
    begin().catch(refuse);
  });
  return {
    finished,
    cancel() {
      cancelled = true;
      // Where the server cannot be told, its own clean-up takes the part that arrived.
      void upload?.abort(true).catch(() => {});
      reject(new AssayError("cancelled", "the upload was cancelled"));
    },
  };
}

/** `sha256:…`; null for files too large to hold in memory, and on pages without a secure context. */
async function digestOf(file: File): Promise<Digest | null> {
  if (file.size > hashedBytes || globalThis.crypto?.subtle === undefined) return null;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return `sha256:${[...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function uploadError(error: Error): AssayError {
  const answer = error instanceof tus.DetailedError ? error.originalResponse : null;
  const body = answer?.getBody();
  if (answer === null || body === undefined) return new AssayError("unreachable", error.message, { cause: error });
  try {
    const { code, message, problems } = faultOf(JSON.parse(body));
    return new AssayError(code, message, { problems, cause: error });
  } catch {
    const code = answer.getStatus() === 413 ? "data-too-large" : answer.getStatus() === 507 ? "disk-full" : "internal";
    return new AssayError(code, body.trim(), { cause: error });
  }
}

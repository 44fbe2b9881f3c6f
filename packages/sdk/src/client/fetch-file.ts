import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { AssayError, type Digest, isAssayError } from "@assay/schema";
import type { Connection } from "./connection.ts";

/** A file on the server. */
export interface RemoteFile {
  /** Its address under /api/v1. */
  readonly address: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

const pieceBytes = 1 << 20;

/**
 * Fetches a file into `part`, from where an earlier try stopped: bytes that lie there are taken for its first ones. Its digest
 * is checked over all of it, and where that fails with such bytes it is fetched anew once.
 * @throws AssayError digest-mismatch; forbidden, not-found, disk-full for `part`; what the server answers
 */
export async function fetchFile(connection: Connection, file: RemoteFile, part: string): Promise<void> {
  // Not by way of a link that somebody put there.
  const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const target = await open(part, flags, 0o666).catch((cause: unknown) => {
    throw writeError(cause, part);
  });
  try {
    const { size } = await target.stat();
    let from = size > file.sizeBytes ? 0 : size;
    for (;;) {
      const found = await fetchRest(connection, file, target, from, part);
      if (found === file.digest) break;
      await target.truncate(0);
      if (from === 0) {
        throw new AssayError("digest-mismatch", `the bytes that came are ${found}, not ${file.digest}; pull again`);
      }
      from = 0;
    }
    await target.sync();
  } finally {
    await target.close();
  }
}

/** Fetches what follows the first `from` bytes; the digest of all of them. */
async function fetchRest(
  connection: Connection,
  file: RemoteFile,
  target: FileHandle,
  from: number,
  part: string,
): Promise<string> {
  let at = from;
  let hash = createHash("sha256");
  await target.truncate(from);
  for (let place = 0; place < from; ) {
    const { bytesRead, buffer } = await target.read(Buffer.alloc(Math.min(pieceBytes, from - place)), {
      position: place,
    });
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    place += bytesRead;
  }
  const once = async (): Promise<void> => {
    if (at === file.sizeBytes && at > 0) return;
    const answer = await connection.stream(
      file.address,
      at === 0 ? {} : { range: `bytes=${at}-`, "if-range": `"${file.digest}"` },
    );
    // A server that knows no parts, or has other bytes there, sends all of them.
    if (answer.status !== 206 && at > 0) {
      at = 0;
      hash = createHash("sha256");
      await target.truncate(0);
    }
    for await (const chunk of answer.chunks) {
      if (at + chunk.length > file.sizeBytes) {
        throw new AssayError("digest-mismatch", `more than the ${file.sizeBytes} bytes of the file came; pull again`);
      }
      await target.write(chunk, 0, chunk.length, at).catch((cause: unknown) => {
        throw writeError(cause, part);
      });
      hash.update(chunk);
      at += chunk.length;
    }
  };
  // As long as a try brings some bytes, the next one may bring the rest.
  for (let before = -1; before < at; ) {
    before = at;
    try {
      await connection.call(once, { repeat: true });
      break;
    } catch (error) {
      if (!isAssayError(error) || error.code !== "unreachable" || at <= before) throw error;
    }
  }
  return `sha256:${hash.digest("hex")}`;
}

export function writeError(cause: unknown, path: string): AssayError {
  if (cause instanceof AssayError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new AssayError("disk-full", `${basename(path)}: the disk is full`, { cause });
  }
  if (code === "ENOENT") return new AssayError("not-found", `${path}: its folder is not there`, { cause });
  return new AssayError("forbidden", `${path}: cannot be written (${code})`, { cause });
}

import { createReadStream } from "node:fs";
import { AssayError, type Digest } from "@assay/schema";
import type { FastifyReply, FastifyRequest } from "fastify";

/** A part of a file, both ends included. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * Sends a stored file, or the one part of it that `Range` asks for, so that a download that broke off goes on. Its ETag is its
 * digest: with `If-Range` a part is of the same bytes or the whole file comes.
 * @throws AssayError usage for a part that the file has not (416)
 */
export function sendStored(
  request: FastifyRequest,
  reply: FastifyReply,
  file: { readonly path: string; readonly digest: Digest; readonly sizeBytes: number },
): FastifyReply {
  const { path, digest, sizeBytes } = file;
  const etag = `"${digest}"`;
  reply.header("etag", etag).header("accept-ranges", "bytes");
  const { range, "if-range": ifRange } = request.headers;
  const same = ifRange === undefined || ifRange === etag;
  const part = range === undefined || !same ? null : partOf(range, sizeBytes);
  if (part === "outside") {
    reply.code(416).header("content-range", `bytes */${sizeBytes}`).type("application/json; charset=utf-8");
    reply.removeHeader("content-disposition");
    const told = new AssayError("usage", `the file has ${sizeBytes} bytes, and not the part "${range}"`);
    return reply.send(told.toJSON());
  }
  if (part === null) return reply.header("content-length", sizeBytes).send(createReadStream(path));
  return reply
    .code(206)
    .header("content-range", `bytes ${part.start}-${part.end}/${sizeBytes}`)
    .header("content-length", part.end - part.start + 1)
    .send(createReadStream(path, { start: part.start, end: part.end }));
}

/** The part that a `Range` header asks for (RFC 9110, 14); null where it asks for several or for nothing we know: the whole. */
export function partOf(range: string, sizeBytes: number): Part | "outside" | null {
  const [, from = "", to = ""] = range.match(/^bytes=(\d{0,15})-(\d{0,15})$/) ?? [];
  if (from === "" && to === "") return null;
  if (from === "") {
    const last = Math.min(Number(to), sizeBytes);
    return last === 0 ? "outside" : { start: sizeBytes - last, end: sizeBytes - 1 };
  }
  const start = Number(from);
  const end = to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (to !== "" && Number(to) < start) return null;
  return start >= sizeBytes ? "outside" : { start, end };
}

import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Stores, UploadRow, UserRow } from "@assay/db";
import { AssayError, Digest, isAssayError } from "@assay/schema";
import { Server, type Upload } from "@tus/server";
import { type Blobs, digestFile } from "./blobs.ts";
import { UploadStore } from "./upload-store.ts";

export interface Uploads {
  handle(request: IncomingMessage, response: ServerResponse, user: UserRow): Promise<void>;
  /** A finished upload of the user. @throws AssayError not-found, conflict where bytes are missing, digest-mismatch */
  finished(id: string, user: { readonly id: string }): Promise<UploadRow>;
  /**
   * An upload of bytes that need not be sent, or not from the start: of bytes that the server has, complete; else one of the
   * user's that broke off and that nobody sends at the moment. Null where all is to be sent.
   */
  reuse(file: {
    readonly userId: string;
    readonly fileName: string;
    readonly digest: Digest;
    readonly sizeBytes: number;
  }): Promise<{ readonly id: string; readonly offset: number; readonly complete: boolean } | null>;
  sweep(ageMs: number): Promise<number>;
}

export const uploadPath = "/api/v1/uploads";

/** Resumable uploads (tus 1.0) that end in the blob storage. */
export function openUploads(options: {
  readonly folder: string;
  readonly blobs: Blobs;
  readonly stores: Stores;
  readonly limitBytes: number;
}): Uploads {
  const { folder, blobs, stores, limitBytes } = options;
  const store = new UploadStore({ directory: folder });
  /** Uploads that are being sent at the moment. */
  const sending = new Map<string, number>();
  const users = new WeakMap<IncomingMessage, UserRow>();
  const userOf = (request: unknown): UserRow => {
    const raw = nodeRequest(request);
    const user = raw && users.get(raw);
    if (!user) throw new AssayError("unauthorized", "sign in, or send an API key as `Authorization: Bearer <key>`");
    return user;
  };

  const load = async (id: string, user: { readonly id: string }): Promise<Upload> => {
    const missing = () => new AssayError("not-found", `no upload "${id}"; unfinished uploads are kept for a day`);
    if (!/^[0-9a-f]{32}$/.test(id)) throw missing();
    const upload = await store.getUpload(id).catch(() => null);
    if (upload === null || upload.metadata?.user !== user.id) throw missing();
    return upload;
  };

  const finish = async (upload: Upload, user: { readonly id: string }): Promise<UploadRow> => {
    const path = join(folder, upload.id);
    const digest = await digestFile(path);
    const told = upload.metadata?.digest ?? null;
    if (told !== null && told !== digest) {
      await Promise.all([rm(path, { force: true }), rm(`${path}.json`, { force: true })]);
      throw new AssayError(
        "digest-mismatch",
        `the bytes that arrived are ${digest}, not ${told}; they were thrown away, send the file again`,
      );
    }
    await blobs.takeIn(path, digest);
    const row: UploadRow = {
      id: upload.id,
      userId: user.id,
      fileName: fileNameOf(upload),
      digest,
      sizeBytes: upload.offset,
    };
    await stores.uploads.add(row);
    return row;
  };

  const server = new TusServer({
    path: uploadPath,
    datastore: store,
    relativeLocation: true,
    maxSize: limitBytes,
    allowedOrigins: () => false,
    async onUploadCreate(request, upload) {
      if (upload.size === undefined && upload.sizeIsDeferred !== true) {
        throw new AssayError("usage", "Upload-Length is missing");
      }
      const digest = upload.metadata?.digest;
      if (digest !== undefined && !Digest.safeParse(digest).success) {
        throw new AssayError("usage", `metadata digest: "${digest}" is not sha256:<64 hex digits>`);
      }
      return { metadata: { ...upload.metadata, user: userOf(request).id } };
    },
    async onIncomingRequest(request, id) {
      const user = userOf(request);
      if (nodeRequest(request)?.method !== "POST") await load(id, user);
    },
    async onUploadFinish(request, upload) {
      await finish(upload, userOf(request));
      return {};
    },
    onResponseError: (_request, error) => {
      const told = tell(error, limitBytes);
      return { status_code: told.http, body: JSON.stringify(told) };
    },
  });

  return {
    async handle(request, response, user) {
      users.set(request, user);
      if (request.method === "PATCH") {
        const id = request.url?.split(/[/?]/).at(-1) ?? "";
        sending.set(id, (sending.get(id) ?? 0) + 1);
        // Told also where the connection is lost, of which the handler below may never hear.
        response.once("close", () => {
          const left = (sending.get(id) ?? 1) - 1;
          if (left === 0) sending.delete(id);
          else sending.set(id, left);
        });
      }
      await server.handle(request, response);
    },
    async reuse({ userId, fileName, digest, sizeBytes }) {
      // Touched first: what was of no use for a day is not swept away between the look and the row.
      if ((await blobs.touch(digest)) === sizeBytes) {
        const id = randomBytes(16).toString("hex");
        await stores.uploads.add({ id, userId, fileName, digest, sizeBytes });
        if ((await blobs.touch(digest)) === sizeBytes) return { id, offset: sizeBytes, complete: true };
      }
      for (const id of await store.ids()) {
        if (sending.has(id)) continue;
        const upload = await store.getUpload(id).catch(() => null);
        const { user, digest: told, filename } = upload?.metadata ?? {};
        if (upload === null || user !== userId || told !== digest || filename !== fileName) continue;
        if (upload.size !== sizeBytes || upload.offset >= sizeBytes) continue;
        return { id, offset: upload.offset, complete: false };
      }
      return null;
    },
    async finished(id, user) {
      const row = await stores.uploads.find(id);
      if (row !== null && row.userId === user.id) return row;
      const upload = await load(id, user);
      if (upload.size === undefined || upload.offset !== upload.size) {
        throw new AssayError(
          "conflict",
          `the upload has ${upload.offset} of ${upload.size ?? "?"} bytes; send the rest first`,
        );
      }
      return finish(upload, user);
    },
    sweep: (ageMs) => store.sweep(ageMs),
  };
}

/** Says of every failed answer that it is JSON. */
class TusServer extends Server {
  override write(context: Parameters<Server["write"]>[0], headers: Headers, status: number, body = "") {
    if (status < 400) return super.write(context, headers, status, body);
    headers.set("Content-Type", "application/json");
    const text = body.startsWith("{") ? body : JSON.stringify(new AssayError("usage", body.trim()));
    return super.write(context, headers, status, text);
  }
}

function fileNameOf(upload: Upload): string {
  const name = upload.metadata?.filename ?? upload.metadata?.name ?? "";
  return name.split(/[/\\]/).at(-1)?.trim() || "data.csv";
}

function nodeRequest(request: unknown): IncomingMessage | undefined {
  const runtime = (request as { runtime?: { node?: { req?: IncomingMessage } } }).runtime;
  return runtime?.node?.req;
}

/** tus's own errors are plain objects with a status and a sentence. */
function tell(error: unknown, limitBytes: number): AssayError {
  if (isAssayError(error)) return error;
  const status = (error as { status_code?: number }).status_code;
  const body = ((error as { body?: string }).body ?? "").trim();
  if (status === 413) {
    return new AssayError("data-too-large", `the file is larger than this server takes: at most ${limitBytes} bytes`);
  }
  if (status === 404 || status === 410) return new AssayError("not-found", "no such upload; start it again");
  if (status === 409) return new AssayError("conflict", `${body}; ask for the offset and go on from there`);
  if (status !== undefined && status >= 400 && status < 500) return new AssayError("usage", body);
  return new AssayError("internal", "the server could not keep what was sent; its log tells more");
}

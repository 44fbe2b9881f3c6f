import { createHash, randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { AppRouter } from "@assay/api";
import { AssayError } from "@assay/schema";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { Connection } from "./connection.ts";
import { type UploadOptions, uploadFile } from "./upload.ts";

type Outputs = inferRouterOutputs<AppRouter>;
export type ModelRow = Outputs["models"]["list"][number];
export type ModelDetail = Outputs["models"]["get"];
export type ModelVersion = Outputs["models"]["create"];
/** What people say of a version; every part may be left out. */
export type ModelCard = NonNullable<inferRouterInputs<AppRouter>["models"]["create"]["card"]>;

export interface PushModel extends UploadOptions {
  readonly file: string;
  /** Left out: the model that has a version of the same bytes, else one named as the file. */
  readonly name?: string;
  /** What is left out is taken from the version before; notes are not. */
  readonly card?: ModelCard;
  /** The id of the dataset it was trained on. */
  readonly trainedOn?: string;
}

export class ProjectModels {
  readonly #connection: Connection;
  readonly #project: string;

  constructor(connection: Connection, project: string) {
    this.#connection = connection;
    this.#project = project;
  }

  list(): Promise<ModelRow[]> {
    return this.#connection.call((api) => api.models.list.query({ project: this.#project }), { repeat: true });
  }

  /**
   * A model with its versions, newest first, by its name or id.
   * @throws AssayError not-found
   */
  async get(model: string): Promise<ModelDetail> {
    const found = (await this.list()).find((one) => one.name === model || one.id === model);
    if (!found) throw new AssayError("not-found", `no model "${model}" in the project`);
    return this.#connection.call((api) => api.models.get.query({ id: found.id }), { repeat: true });
  }

  /**
   * Uploads a model file as a version of the model of that name; the same bytes are the version that is there.
   * @throws AssayError model-invalid and not-supported, naming the place in the file; not-found, data-too-large
   */
  async push({ file, name, card, trainedOn, ...options }: PushModel): Promise<ModelVersion> {
    const upload = await uploadFile(this.#connection, this.#project, file, { ...options, what: "model" });
    // The same upload again is the same version, so that a lost answer is asked for again.
    return this.#connection.call(
      (api) =>
        api.models.create.mutate({
          project: this.#project,
          upload,
          ...(name === undefined ? {} : { name }),
          ...(card === undefined ? {} : { card }),
          ...(trainedOn === undefined ? {} : { trainedOn }),
        }),
      { repeat: true },
    );
  }

  /** Changes a version's card, or what it was trained on; what is left out stays. */
  describe(
    version: string | ModelVersion,
    change: { readonly card?: ModelCard; readonly trainedOn?: string | null },
  ): Promise<ModelVersion> {
    return this.#connection.call((api) => api.models.update.mutate({ id: idOf(version), ...change }), { repeat: true });
  }

  /**
   * Fetches a version's file, byte for byte, into `path`; it is there whole or not at all.
   * @throws AssayError not-found; digest-mismatch where other bytes came; forbidden, disk-full
   */
  async pull(version: string | ModelVersion, path: string): Promise<void> {
    const whole = resolve(path);
    const part = `${whole}.${randomBytes(6).toString("hex")}.part`;
    try {
      await this.#connection.call(() => this.#fetchTo(idOf(version), part), { repeat: true });
      await rename(part, whole).catch((cause: unknown) => {
        throw writeError(cause, path);
      });
    } finally {
      await rm(part, { force: true });
    }
  }

  async #fetchTo(id: string, part: string): Promise<void> {
    const answer = await this.#connection.stream(`/model-versions/${encodeURIComponent(id)}/file`);
    const told = answer.headers.get("etag")?.replaceAll('"', "") ?? "";
    const hash = createHash("sha256");
    const target = await open(part, "w").catch((cause: unknown) => {
      throw writeError(cause, part);
    });
    try {
      for await (const chunk of answer.chunks) {
        hash.update(chunk);
        await target.writeFile(chunk).catch((cause: unknown) => {
          throw writeError(cause, part);
        });
      }
      await target.sync();
    } finally {
      await target.close();
    }
    const digest = `sha256:${hash.digest("hex")}`;
    if (digest !== told) {
      throw new AssayError("digest-mismatch", `the bytes that came are ${digest}, not ${told}; pull again`);
    }
  }
}

function idOf(version: string | ModelVersion): string {
  return typeof version === "string" ? version : version.id;
}

function writeError(cause: unknown, path: string): AssayError {
  if (cause instanceof AssayError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new AssayError("disk-full", `${basename(path)}: the disk is full`, { cause });
  }
  if (code === "ENOENT") return new AssayError("not-found", `${path}: its folder is not there`, { cause });
  return new AssayError("forbidden", `${path}: cannot be written (${code})`, { cause });
}

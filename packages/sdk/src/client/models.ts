import type { AppRouter } from "@assay/api";
import { AssayError } from "@assay/schema";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { Connection } from "./connection.ts";
import { idOf } from "./id-of.ts";
import { findModelFiles, type LocalFile, type ModelFiles } from "./model-files.ts";
import { pullModel } from "./pull-model.ts";
import { type UploadOptions, uploadFile } from "./upload.ts";

type Outputs = inferRouterOutputs<AppRouter>;
export type ModelRow = Outputs["models"]["list"][number];
export type ModelDetail = Outputs["models"]["get"];
export type ModelVersion = Outputs["models"]["create"];
/** What people say of a version; every part may be left out. */
export type ModelCard = NonNullable<inferRouterInputs<AppRouter>["models"]["create"]["card"]>;

export interface PushModel extends Omit<UploadOptions, "what"> {
  /** The model's own file, or a folder that opens as a model. */
  readonly file: string;
  /**
   * Files beside it, as paths from its folder, parts joined by `/`. Left out: those that opening it reads; none: it is sent alone,
   * and not opened here.
   */
  readonly beside?: readonly string[];
  /** The files, where they were found before: `findModelFiles`. */
  readonly files?: ModelFiles;
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
   * Uploads a model, with the files beside it that it is read from, as a version of the model of that name; the same bytes are the
   * version that is there. Bytes that the server has are not sent again.
   * @throws AssayError model-invalid and not-supported, naming the place in the file; usage for a name that cannot stand beside
   *   the model; not-found, data-too-large
   */
  async push({ file, files, name, card, trainedOn, beside, ...options }: PushModel): Promise<ModelVersion> {
    const { signal, onProgress, shown = file } = options;
    const found = files ?? (await findModelFiles(file, { shown, ...(beside === undefined ? {} : { beside }) }));
    let before = 0;
    const send = async (one: LocalFile, told: string): Promise<string> => {
      const start = before;
      before += one.sizeBytes;
      return uploadFile(this.#connection, this.#project, one.path, {
        what: "model",
        shown: told,
        ...(signal ? { signal } : {}),
        ...(onProgress
          ? { onProgress: (part) => onProgress((start + part * one.sizeBytes) / Math.max(1, found.sizeBytes)) }
          : {}),
      });
    };
    const uploads: { name: string; upload: string }[] = [];
    for (const one of found.beside) uploads.push({ name: one.name, upload: await send(one, one.name) });
    const upload = await send(found.main, shown);
    // The same uploads again are the same version, so that a lost answer is asked for again.
    return this.#connection.call(
      (api) =>
        api.models.create.mutate({
          project: this.#project,
          upload,
          beside: uploads,
          ...(name === undefined ? {} : { name }),
          ...(card === undefined ? {} : { card }),
          ...(trainedOn === undefined ? {} : { trainedOn }),
        }),
      { repeat: true },
    );
  }

  /**
   * Keeps a model that a run made, such as a mitigation's `model.onnx`, as a version of a model of the project; the same bytes are
   * the same version. Its name, left out: that of the run's model, or of its plan, with `mitigated` after it.
   * @throws AssayError not-found where the run has no such file; conflict for a run that is not completed, or was pushed
   */
  register(
    run: string | { readonly id: string },
    options: { readonly file?: string; readonly name?: string; readonly card?: ModelCard } = {},
  ): Promise<ModelVersion> {
    return this.#connection.call((api) => api.models.register.mutate({ run: idOf(run), ...options }), { repeat: true });
  }

  /** Changes a version's card, or what it was trained on; what is left out stays. */
  describe(
    version: string | ModelVersion,
    change: { readonly card?: ModelCard; readonly trainedOn?: string | null },
  ): Promise<ModelVersion> {
    return this.#connection.call((api) => api.models.update.mutate({ id: idOf(version), ...change }), { repeat: true });
  }

  /**
   * Fetches a version's files, byte for byte: its own to `path`, or into it where it is a folder, those beside it to their places
   * from there. They are there whole or not at all; a pull that lost the server goes on where it stopped when it is called again.
   * @returns the files written, the model's own first
   * @throws AssayError not-found; digest-mismatch where other bytes came; forbidden, disk-full
   */
  async pull(version: string | ModelVersion, path: string): Promise<string[]> {
    const found = await this.#connection.call((api) => api.models.version.query({ id: idOf(version) }), {
      repeat: true,
    });
    return pullModel(this.#connection, found, path);
  }

  /**
   * Removes a version, and with the last one its model; reports stay.
   * @returns whether the model went too
   * @throws AssayError not-found; conflict while a run needs it
   */
  async removeVersion(version: string | ModelVersion): Promise<{ readonly model: boolean }> {
    const { model } = await this.#connection.call((api) => api.models.removeVersion.mutate({ id: idOf(version) }));
    return { model };
  }
}

import { describeModel } from "@assay/audits";
import type { Dataset } from "@assay/dataset";
import { openDataset } from "@assay/dataset/browser";
import type { Model } from "@assay/models";
import { openModel } from "@assay/models/browser";
import { type DeviceName, digestJson, type Plan, type ReportModel } from "@assay/schema";
import type { DataFile, ModelFiles } from "./audit-messages.ts";
import { tensorflowFiles } from "./tensorflow-files.ts";

type Source = Omit<Plan["data"], "file" | "counts">;
const asItIs: Source = { missing: [""] };

interface Opened<Value> {
  readonly key: string;
  readonly value: Promise<Value>;
}

/** Keeps the data file and the model that were last opened: a tab has no room for several. */
export class OpenMaterial {
  #data: Opened<Dataset> | null = null;
  #model: Opened<Model> | null = null;

  /** The data as a plan reads it, or as they are before any plan speaks. */
  async dataset(data: DataFile, source: Source = asItIs, onProgress?: (fraction: number) => void): Promise<Dataset> {
    const key = digestJson({ key: data.key, counts: data.counts, source });
    if (this.#data?.key !== key) {
      const before = this.#data;
      this.#data = null;
      await before?.value.then((dataset) => dataset.close()).catch(() => undefined);
      const value = openDataset(data.file, {
        name: data.file.name,
        source: { ...source, ...(data.counts ? { counts: true } : {}) },
        ...(onProgress === undefined ? {} : { onProgress }),
      });
      this.#data = { key, value };
      // What could not be read is read again when asked again: the file may be back in its place.
      value.catch(() => {
        if (this.#data?.value === value) this.#data = null;
      });
    }
    return this.#data?.value ?? this.dataset(data, source, onProgress);
  }

  /** The model for a number of features (0: as its file says) on a device. */
  async model(given: ModelFiles, features: number, device: DeviceName, cores: number): Promise<Model> {
    const key = JSON.stringify([given.key, features, device, cores]);
    if (this.#model?.key !== key) {
      const before = this.#model;
      this.#model = null;
      await before?.value.then((model) => model.dispose()).catch(() => undefined);
      const [own, ...beside] = given.files;
      const value = openModel(own?.file ?? new Blob(), {
        name: own?.name ?? "model",
        beside: beside.map(({ name, file }) => ({ name, data: file })),
        device,
        cores,
        tensorflowWasmPath: tensorflowFiles,
        ...(features > 0 ? { columns: features } : {}),
      });
      this.#model = { key, value };
      value.catch(() => {
        if (this.#model?.value === value) this.#model = null;
      });
    }
    return this.#model?.value ?? this.model(given, features, device, cores);
  }

  async describe(given: ModelFiles, features: number): Promise<ReportModel> {
    return describeModel(await this.model(given, features, "cpu", 1));
  }
}

/** How a plan reads its data, the row filter left out. */
export function sourceOf(plan: Plan): Source {
  const { file: _file, counts: _counts, where: _where, ...source } = plan.data;
  return source;
}

/** The same with the filter. */
export function filteredSourceOf(plan: Plan): Source {
  const { file: _file, counts: _counts, ...source } = plan.data;
  return source;
}

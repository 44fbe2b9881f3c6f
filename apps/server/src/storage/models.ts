import type { Services } from "@assay/api";
import type { ModelFileRow, Stores } from "@assay/db";
import { AssayError, besideName, besideNames, type ReportModel } from "@assay/schema";
import type { Blobs } from "./blobs.ts";
import type { ModelReader } from "./read-model.ts";
import type { Uploads } from "./uploads.ts";

const descriptionsKept = 64;

/** Makes versions of models of finished uploads, and tells what they are to a plan. */
export function modelService(options: {
  readonly blobs: Blobs;
  readonly reader: ModelReader;
  readonly stores: Stores;
  readonly uploads: Uploads;
}): Services["models"] {
  const { blobs, reader, stores, uploads } = options;
  const known = new Map<string, Promise<ReportModel>>();
  return {
    async create({ userId, projectId, upload: uploadId, beside, name, card, trainingDatasetId }) {
      const { fileName, digest, sizeBytes } = await uploads.finished(uploadId, { id: userId });
      if (beside.length > 0) {
        besideNames(
          fileName,
          beside.map((file) => file.name),
        );
      }
      const given: ModelFileRow[] = [];
      for (const file of beside) {
        const found = await uploads.finished(file.upload, { id: userId });
        given.push({ name: besideName(file.name), digest: found.digest, sizeBytes: found.sizeBytes });
      }
      const same = await stores.models.findSame(projectId, name, { digest, files: given });
      if (same) return same;
      const about = await reader.read({ fileName, digest, files: given }, "open");
      return stores.models.add({
        project: projectId,
        name: name ?? nameOf(fileName),
        fileName,
        digest,
        sizeBytes,
        files: filesRead(about, given),
        about,
        card,
        trainingDatasetId,
        uploaderId: userId,
      });
    },
    async register({ userId, run, file, name, card }) {
      const { digest } = file;
      const sizeBytes = await blobs.touch(digest);
      if (sizeBytes === null)
        throw new AssayError("not-found", `the stored bytes of ${file.name} are gone; run it again`);
      const same = await stores.models.findSame(run.project.id, name, { digest, files: [] });
      if (same) return same;
      // Plans name a model by its file: each run's has a name of its own.
      const fileName = `${run.project.slug}-${run.number}-${file.name}`;
      const about = await reader.read({ fileName, digest, files: [] }, "open");
      return stores.models.add({
        project: run.project.id,
        ...{ name, fileName, digest, sizeBytes, about, card, files: [] },
        trainingDatasetId: run.dataset,
        madeById: run.id,
        uploaderId: userId,
      });
    },
    async describe({ about, digest, fileName, files }, columns) {
      const { length } = about.inputs;
      if (length > 0 && (columns === 0 || columns === length)) return about;
      // The file may leave open how many columns it takes; where it does not, this tells so.
      const key = JSON.stringify([digest, fileName, columns, files.map((file) => [file.name, file.digest])]);
      let description = known.get(key);
      if (description === undefined) {
        const oldest = known.keys().next();
        if (known.size >= descriptionsKept && oldest.done !== true) known.delete(oldest.value);
        description = reader.read({ digest, fileName, files }, columns === 0 ? null : columns);
        known.set(key, description);
        description.catch(() => known.delete(key));
      }
      return description;
    },
  };
}

/** `scorecard` of `scorecard.onnx`. */
function nameOf(fileName: string): string {
  return fileName.replace(/\.(onnx|json|json\.gz)$/i, "").slice(0, 200) || fileName;
}

/**
 * Those of the files given that the model was read from: what lies beside it by chance makes no other version of it.
 * @throws AssayError digest-mismatch where other bytes were read than were sent
 */
function filesRead(about: ReportModel, given: readonly ModelFileRow[]): ModelFileRow[] {
  const read = new Map((about.files ?? []).map((file) => [besideName(file.name), file.digest]));
  const kept = given.filter(({ name }) => read.has(name));
  const changed = kept.find(({ name, digest }) => read.get(name) !== digest);
  if (changed === undefined && kept.length === read.size) return kept;
  const name = changed?.name ?? "a file";
  throw new AssayError(
    "digest-mismatch",
    `the bytes of ${name} that were read are not those that were sent; push again`,
  );
}

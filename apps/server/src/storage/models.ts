import type { Services } from "@assay/api";
import type { Stores } from "@assay/db";
import { isAssayError, type ReportModel } from "@assay/schema";
import type { Blobs } from "./blobs.ts";
import { readModel } from "./read-model.ts";
import type { Uploads } from "./uploads.ts";

const descriptionsKept = 64;

/** Makes versions of models of finished uploads, and tells what they are to a plan. */
export function modelService(options: {
  readonly blobs: Blobs;
  readonly stores: Stores;
  readonly uploads: Uploads;
}): Services["models"] {
  const { blobs, stores, uploads } = options;
  const known = new Map<string, Promise<ReportModel>>();
  return {
    async create({ userId, projectId, upload: uploadId, name, card, trainingDatasetId }) {
      const upload = await uploads.finished(uploadId, { id: userId });
      const same = await stores.models.findSame(projectId, name, upload.digest);
      if (same) return same;
      const { fileName, digest, sizeBytes } = upload;
      return stores.models.add({
        project: projectId,
        name: name ?? nameOf(fileName),
        fileName,
        digest,
        sizeBytes,
        about: await describeFile(blobs.path(digest), fileName),
        card,
        trainingDatasetId,
        uploaderId: userId,
      });
    },
    async describe({ about, digest, fileName }, columns) {
      const { length } = about.inputs;
      if (length > 0 && (columns === 0 || columns === length)) return about;
      // The file may leave open how many columns it takes; where it does not, this tells so.
      const key = `${digest} ${fileName} ${columns}`;
      let description = known.get(key);
      if (description === undefined) {
        const oldest = known.keys().next();
        if (known.size >= descriptionsKept && oldest.done !== true) known.delete(oldest.value);
        description = readModel({ path: blobs.path(digest), fileName, columns: columns === 0 ? null : columns });
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

/** A file that is sound but for an open width has no inputs until a plan gives their number. */
async function describeFile(path: string, fileName: string): Promise<ReportModel> {
  try {
    return await readModel({ path, fileName, columns: null });
  } catch (error) {
    if (!isAssayError(error) || error.code !== "model-invalid") throw error;
    const open = await readModel({ path, fileName, columns: 1 }).catch(() => null);
    if (open === null) throw error;
    return { ...open, inputs: [] };
  }
}

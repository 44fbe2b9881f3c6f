import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Model } from "@assay/models";
import { openModel } from "@assay/models/node";
import { AssayError, besideName, type Digest } from "@assay/schema";
import { type Blobs, digestFile } from "./blobs.ts";
import type { StoredModel } from "./read-model.ts";

/**
 * Opens a stored model to run it: in a folder of its own that holds its files by their names and is gone when the model is
 * disposed of. Every file's bytes are checked before.
 * @param columns of an input whose width the file leaves open; 0: as the file says
 * @throws AssayError digest-mismatch, naming the file; not-found; model-invalid; not-supported
 */
export async function openStoredModel(blobs: Blobs, stored: StoredModel, columns: number): Promise<Model> {
  const { fileName, digest, files } = stored;
  // A name that cannot stand in a folder is told to the reader alone.
  const own = { name: files.length === 0 ? "model" : fileName, digest };
  const room = blobs.newRoom();
  try {
    await blobs.layOut(room, [own, ...files]);
    for (const file of [own, ...files]) {
      const found = await digestFile(join(room, ...file.name.split("/")));
      if (found !== file.digest) throw mismatch(file === own ? fileName : file.name, found, file.digest);
    }
    const model = await openModel(join(room, own.name), { name: fileName, ...(columns > 0 ? { columns } : {}) });
    // What was read, and not only what lay there.
    const wrong = [own, ...files].flatMap(({ name, digest: kept }) => {
      const read =
        name === own.name ? model.digest : model.externalFiles.find((one) => besideName(one.name) === name)?.digest;
      return read === undefined || read === kept ? [] : [mismatch(name === own.name ? fileName : name, read, kept)];
    });
    const dispose = model.dispose.bind(model);
    model.dispose = async () => {
      await dispose();
      await rm(room, { recursive: true, force: true });
    };
    const [first] = wrong;
    if (first === undefined) return model;
    await model.dispose();
    throw first;
  } catch (error) {
    await rm(room, { recursive: true, force: true });
    throw error;
  }
}

function mismatch(name: string, found: Digest, kept: Digest): AssayError {
  return new AssayError(
    "digest-mismatch",
    `the stored bytes of ${name} are ${found}, not ${kept}; push the model again`,
    { problems: [{ at: name, message: `has the digest ${found}, not ${kept}` }] },
  );
}

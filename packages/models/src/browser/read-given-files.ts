import { digestBytes } from "@assay/schema";
import type { ModelFile } from "../model.ts";
import { modelError, shown } from "../model-error.ts";
import type { ReadExternal } from "../onnx/proto/tensor.ts";
import { largestFileBytes } from "../read-limits.ts";

/** A file beside a model, as it was given with it. */
export interface GivenFile {
  /** Its path from the model's folder: `group1-shard1of2.bin`. */
  readonly name: string;
  readonly data: Blob;
}

/**
 * The files that lie beside a model, as a page was given them. They are read into memory at once: a browser reads files at
 * its own time, a model where it stands.
 * @throws AssayError data-too-large
 */
export async function readGivenFiles(
  model: string,
  given: readonly (File | GivenFile)[],
): Promise<{ read: ReadExternal; files: () => readonly ModelFile[] }> {
  const total = given.reduce((sum, file) => sum + dataOf(file).size, 0);
  if (total > largestFileBytes) {
    throw modelError(
      model,
      null,
      `the files given with it have ${total} bytes, more than ${largestFileBytes}`,
      "data-too-large",
    );
  }
  const contents = new Map<string, Uint8Array>();
  for (const file of given) contents.set(file.name, new Uint8Array(await dataOf(file).arrayBuffer()));
  const used = new Map<string, ModelFile>();
  const read: ReadExternal = (location, offset, length) => {
    const place = `external data ${shown(location)}`;
    const name = location.replace(/^(\.\/)+/, "");
    // A dropped file tells its name and not its folder.
    const bytes = contents.get(name) ?? contents.get(name.split("/").at(-1) ?? "");
    if (!bytes) throw modelError(model, place, "is not among the files given; give it with the model", "not-found");
    const end = length === null ? bytes.length : offset + length;
    if (offset > bytes.length || end > bytes.length) {
      throw modelError(
        model,
        place,
        `has ${bytes.length} bytes, the model reads ${offset} to ${end}; the file is cut off or another's`,
      );
    }
    if (!used.has(location)) {
      used.set(location, { name: location, sizeBytes: bytes.length, digest: digestBytes(bytes) });
    }
    return bytes.slice(offset, end);
  };
  return { read, files: () => [...used.values()] };
}

function dataOf(file: File | GivenFile): Blob {
  return file instanceof Blob ? file : file.data;
}

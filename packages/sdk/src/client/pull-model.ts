import { lstat, mkdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { AssayError, besideName, besideNames, isAssayError } from "@assay/schema";
import type { Connection } from "./connection.ts";
import { fetchFile, type RemoteFile, writeError } from "./fetch-file.ts";
import type { ModelVersion } from "./models.ts";

interface Place extends RemoteFile {
  readonly target: string;
  /** What has come so far. Its name tells the bytes: a later pull goes on from them. */
  readonly part: string;
}

/**
 * Fetches the files of a version: its own to `path`, or into it where it is a folder, those beside it to their places from
 * there, and nothing anywhere else. They are put in place together, once all are there and checked, the model's own last.
 * Where the server was lost in the middle the parts stay, and the next pull goes on from them.
 * @returns the files written, the model's own first
 */
export async function pullModel(connection: Connection, version: ModelVersion, path: string): Promise<string[]> {
  const whole = resolve(path);
  const isFolder =
    /[/\\]$/.test(path) ||
    (await stat(whole).then(
      (found) => found.isDirectory(),
      () => false,
    ));
  // Names come from the server: none of them leads out of the folder.
  const names = version.files.map(({ name }) => name);
  if (isFolder) besideNames(version.fileName, names);
  const main = isFolder ? join(whole, version.fileName) : whole;
  if (names.length > 0) besideNames(basename(main), names);
  const folder = dirname(main);
  const base = `/model-versions/${encodeURIComponent(version.id)}`;
  const { digest, sizeBytes } = version;
  const places = [
    placeOf(main, { digest, sizeBytes, address: `${base}/file` }),
    ...version.files.map((file) => {
      const parts = besideName(file.name).split("/");
      const address = `${base}/files/${parts.map(encodeURIComponent).join("/")}`;
      return placeOf(join(folder, ...parts), { digest: file.digest, sizeBytes: file.sizeBytes, address });
    }),
  ];
  const made: string[] = [];
  let keepParts = false;
  let done = false;
  try {
    for (const { target } of places) await makeFolders(folder, dirname(target), made);
    for (const place of places) await fetchFile(connection, place, place.part);
    for (const { part, target } of [...places].reverse()) {
      await rename(part, target).catch((cause: unknown) => {
        throw writeError(cause, target);
      });
    }
    done = true;
    return places.map(({ target }) => target);
  } catch (error) {
    keepParts = isAssayError(error) && (error.code === "unreachable" || error.code === "timeout");
    throw error;
  } finally {
    if (!keepParts && !done) {
      for (const { part } of places) await rm(part, { force: true }).catch(() => {});
      // Only those that are empty again.
      for (const one of made.reverse()) await rmdir(one).catch(() => {});
    }
  }
}

function placeOf(target: string, file: RemoteFile): Place {
  return {
    ...file,
    target,
    part: join(dirname(target), `.${basename(target).slice(0, 200)}.${file.digest.slice(7, 23)}.part`),
  };
}

/** Makes the folders from `root` down to `folder`, and refuses one that leads elsewhere. */
async function makeFolders(root: string, folder: string, made: string[]): Promise<void> {
  if (folder === root) return;
  await makeFolders(root, dirname(folder), made);
  const found = await lstat(folder).catch(() => null);
  if (found === null) {
    await mkdir(folder).catch((cause: unknown) => {
      throw writeError(cause, folder);
    });
    made.push(folder);
  } else if (!found.isDirectory()) {
    const what = found.isSymbolicLink() ? "a link, which may lead anywhere" : "no folder";
    throw new AssayError("forbidden", `${folder} is ${what}; move it away, or pull into another folder`);
  }
}

import { createHash, randomBytes } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AssayError, type Digest } from "@assay/schema";
import { diskError } from "./disk-error.ts";

/** Files by the SHA-256 of their bytes. Immutable; a file appears whole or not at all. */
export interface Blobs {
  path(digest: Digest): string;
  /** Takes a file in under a digest already computed from its bytes; the file stays where it is. */
  takeIn(file: string, digest: Digest): Promise<void>;
  /** @throws AssayError disk-full */
  put(bytes: Uint8Array | string): Promise<Digest>;
  /** Bytes of a stored file, or null; one that is there is as good as new to `sweep`. */
  touch(digest: Digest): Promise<number | null>;
  /** A new name of a folder for `layOut`. */
  newRoom(): string;
  /**
   * Lays stored files out by their names, as `besideName` gives them, in a private folder that holds nothing else. The files are
   * the stored ones themselves: nobody may write them.
   * @throws AssayError not-found, naming the file whose bytes are gone; disk-full
   */
  layOut(room: string, files: readonly { readonly name: string; readonly digest: Digest }[]): Promise<void>;
  /** Removes files that nothing needs and that lie there for longer than `ageMs`. */
  sweep(inUse: ReadonlySet<string>, ageMs: number): Promise<number>;
}

export function openBlobs(folder: string): Blobs {
  const pathOf = (digest: Digest) => join(folder, "sha256", digest.slice(7, 9), digest.slice(9));
  /** Puts a finished file in its place; whoever comes second finds the same bytes there. */
  const settle = async (whole: string, digest: Digest): Promise<void> => {
    const place = pathOf(digest);
    await mkdir(join(place, ".."), { recursive: true });
    await rename(whole, place);
    const now = new Date();
    await utimes(place, now, now);
  };
  const fresh = async (): Promise<string> => {
    await mkdir(join(folder, "new"), { recursive: true });
    return join(folder, "new", randomBytes(12).toString("hex"));
  };
  return {
    path: pathOf,
    async takeIn(file, digest) {
      const whole = await fresh();
      try {
        // A second name for the same bytes costs no space; folders on another disk need a copy.
        await link(file, whole).catch(() => copyFile(file, whole));
        const handle = await open(whole, "r+");
        await handle.sync().finally(() => handle.close());
        await settle(whole, digest);
      } catch (error) {
        await rm(whole, { force: true });
        throw diskError(error);
      }
    },
    async put(bytes) {
      const digest: Digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
      const whole = await fresh();
      try {
        const handle = await open(whole, "wx");
        try {
          await handle.writeFile(bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await settle(whole, digest);
      } catch (error) {
        await rm(whole, { force: true });
        throw diskError(error);
      }
      return digest;
    },
    async touch(digest) {
      const now = new Date();
      try {
        await utimes(pathOf(digest), now, now);
        return (await stat(pathOf(digest))).size;
      } catch {
        return null;
      }
    },
    newRoom: () => join(folder, "rooms", randomBytes(12).toString("hex")),
    async layOut(room, files) {
      try {
        await mkdir(room, { recursive: true, mode: 0o700 });
        for (const { name, digest } of files) {
          const place = join(room, ...name.split("/"));
          await mkdir(dirname(place), { recursive: true, mode: 0o700 });
          // Readers follow no symbolic links, and a second name for the same bytes costs no space.
          await link(pathOf(digest), place).catch(async (cause: NodeJS.ErrnoException) => {
            if (cause.code === "ENOENT") throw gone(name, cause);
            await copyFile(pathOf(digest), place, constants.COPYFILE_FICLONE);
          });
        }
      } catch (error) {
        await rm(room, { recursive: true, force: true });
        throw diskError(error);
      }
    },
    async sweep(inUse, ageMs) {
      const before = Date.now() - ageMs;
      let removed = 0;
      const consider = async (path: string): Promise<void> => {
        const info = await stat(path).catch(() => null);
        if (info === null || info.mtimeMs > before) return;
        await rm(path, { recursive: true, force: true });
        removed++;
      };
      for (const name of await list(join(folder, "rooms"))) await consider(join(folder, "rooms", name));
      for (const name of await list(join(folder, "new"))) await consider(join(folder, "new", name));
      for (const first of await list(join(folder, "sha256"))) {
        for (const rest of await list(join(folder, "sha256", first))) {
          if (!inUse.has(`sha256:${first}${rest}`)) await consider(join(folder, "sha256", first, rest));
        }
      }
      return removed;
    },
  };
}

/** SHA-256 of a file's bytes, read as a stream. */
export async function digestFile(path: string): Promise<Digest> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}

function gone(name: string, cause: unknown): AssayError {
  return new AssayError("not-found", `the stored bytes of ${name} are gone; push the model again`, { cause });
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

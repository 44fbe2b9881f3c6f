import { createWriteStream } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { FileStore } from "@tus/file-store";
import type { Upload } from "@tus/server";
import { diskError } from "./disk-error.ts";

/** tus's file store, except that a full disk is told from any other failure, and what is written stays. */
export class UploadStore extends FileStore {
  override async create(file: Upload): Promise<Upload> {
    try {
      return await super.create(file);
    } catch (error) {
      throw diskError(error);
    }
  }

  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    const path = join(this.directory, id);
    const target = createWriteStream(path, { flags: "r+", start: offset });
    let sent = 0;
    try {
      await pipeline(
        readable,
        async function* (source: AsyncIterable<Buffer>) {
          for await (const chunk of source) {
            sent += chunk.length;
            yield chunk;
          }
        },
        target,
      );
    } catch (error) {
      throw diskError(error);
    }
    return offset + sent;
  }

  /** Ids of uploads, finished or not. */
  async ids(): Promise<string[]> {
    const names = await readdir(this.directory).catch(() => []);
    return names.filter((name) => /^[0-9a-f]{32}$/.test(name));
  }

  /** Removes uploads that nobody has touched for `ageMs`, finished or not. */
  async sweep(ageMs: number): Promise<number> {
    const before = Date.now() - ageMs;
    let removed = 0;
    for (const name of await readdir(this.directory).catch(() => [])) {
      if (name.endsWith(".json")) continue;
      const path = join(this.directory, name);
      const info = await stat(path).catch(() => null);
      if (info === null || info.mtimeMs > before) continue;
      await Promise.all([rm(path, { force: true }), rm(`${path}.json`, { force: true })]);
      removed++;
    }
    return removed;
  }
}

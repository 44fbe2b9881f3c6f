import { stat } from "node:fs/promises";
import type { UploadOptions } from "./upload.ts";

/** A file that goes to the server, and what it is there. */
export interface FileToSend<As extends string> {
  readonly as: As;
  readonly path: string;
  readonly send: (options: UploadOptions) => Promise<{ readonly id: string }>;
}

/** Sends files one after another; progress is that of all their bytes. Their ids on the server, by what they are. */
export async function sendFiles<As extends string>(
  files: readonly FileToSend<As>[],
  { signal, onProgress }: Pick<UploadOptions, "onProgress" | "signal">,
): Promise<Partial<Record<As, string>>> {
  // A file that is not there is told by its own sending.
  const sizes = await Promise.all(
    files.map(({ path }) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  const total = Math.max(
    1,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  const ids: Partial<Record<As, string>> = {};
  let before = 0;
  for (const [index, { as, send }] of files.entries()) {
    const size = sizes[index] ?? 0;
    const start = before;
    const { id } = await send({
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress: (fraction: number) => onProgress((start + fraction * size) / total) } : {}),
    });
    ids[as] = id;
    before += size;
  }
  return ids;
}

import type { UploadOptions } from "./upload.ts";

/** What goes to the server, and what it is there. */
export interface FileToSend<As extends string> {
  readonly as: As;
  /** Its bytes; of a model those of all its files. */
  readonly sizeBytes: number;
  readonly send: (options: UploadOptions) => Promise<{ readonly id: string }>;
}

/** Sends files one after another; progress is that of all their bytes. Their ids on the server, by what they are. */
export async function sendFiles<As extends string>(
  files: readonly FileToSend<As>[],
  { signal, onProgress }: Pick<UploadOptions, "onProgress" | "signal">,
): Promise<Partial<Record<As, string>>> {
  const total = Math.max(
    1,
    files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  );
  const ids: Partial<Record<As, string>> = {};
  let before = 0;
  for (const { as, sizeBytes: size, send } of files) {
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

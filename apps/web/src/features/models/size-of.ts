import type { ModelVersion } from "../../trpc/types.ts";

/** Bytes of all files of a version. */
export function sizeOf(version: Pick<ModelVersion, "files" | "sizeBytes">): number {
  return version.files.reduce((sum, file) => sum + file.sizeBytes, version.sizeBytes);
}

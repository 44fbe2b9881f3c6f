import type { Reader } from "../reader.ts";

/** Arrow IPC, as a file (Feather version 2) or a stream; a stream has no mark of its own. */
export const arrow: Reader = {
  format: "arrow",
  endings: [".arrow", ".arrows", ".feather", ".ipc"],
  mark: null,
  delimited: false,
  gzip: false,
  open: async (disk, options) => (await import("./arrow-source.ts")).openArrow(disk, options),
};

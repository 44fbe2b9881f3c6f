import { AssayError } from "@assay/schema";

/** A full disk told as such; anything else as it was. */
export function diskError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  if (error.code !== "ENOSPC" && error.code !== "EDQUOT") return error;
  return new AssayError(
    "disk-full",
    "the server's disk is full; what was sent so far is kept, so free some space and send the rest",
    { cause: error },
  );
}

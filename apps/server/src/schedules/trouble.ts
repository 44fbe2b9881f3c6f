import type { EndedTick } from "@assay/db";

/** What is told of a due time's end: failed checks, an error of the run, or that none could be made. Null: nothing. */
export function troubleOf({ run, error }: Pick<EndedTick, "error" | "run">): "check" | "run" | "made" | null {
  if (error !== null) return run === null ? "made" : "run";
  return run?.status === "completed" && run.verdict === "fail" ? "check" : null;
}

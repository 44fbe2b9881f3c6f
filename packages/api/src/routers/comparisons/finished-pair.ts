import type { RunDetail, Stores } from "@assay/db";
import { AssayError } from "@assay/schema";

/**
 * Two runs that can be held against each other.
 * @throws AssayError not-found; conflict for runs of two projects, or one that is not completed
 */
export async function finishedPair(
  stores: Stores,
  asked: { readonly from: string; readonly to: string },
): Promise<{ readonly from: RunDetail; readonly to: RunDetail }> {
  const [from, to] = [await stores.runs.get(asked.from), await stores.runs.get(asked.to)];
  if (from.project.id !== to.project.id) {
    throw new AssayError(
      "conflict",
      `run ${from.number} is of the project "${from.project.name}" and run ${to.number} of "${to.project.name}": choose two runs of one project`,
    );
  }
  for (const { number, status } of [from, to]) {
    if (status === "completed") continue;
    throw new AssayError("conflict", `run ${number} is ${status} and has no report: only completed runs are compared`);
  }
  return { from, to };
}

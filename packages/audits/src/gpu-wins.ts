import type { Prepared } from "./prepare.ts";

/** With fewer rows the processor is done before a GPU has been started. */
const leastRows = 10_000;

/**
 * Whether audits of the plan run kernels with which a GPU wins: those that ask a model of trees or a network about all
 * rows many times over. Counts, draws, classes and sorted values do not: their data lie on the host, and the processor is
 * done with them in about the time in which they are carried to a GPU.
 */
export function gpuWins(prepared: Prepared, rows: number): boolean {
  const { model } = prepared.roles;
  if (model === null || model.about.structure === "other" || rows < leastRows) return false;
  return prepared.audits.some(
    ({ definition }) => definition.needs.model !== undefined && definition.needs.model !== "file",
  );
}

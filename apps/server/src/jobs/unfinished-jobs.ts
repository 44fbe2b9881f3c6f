import type { Stores } from "@assay/db";
import type { UnfinishedJob } from "./queue.ts";

/** Everything that is queued or at work, the oldest of each kind first. */
export async function unfinishedJobs({ work, comparisonWork }: Stores): Promise<UnfinishedJob[]> {
  const [runs, comparisons] = await Promise.all([work.unfinished(), comparisonWork.unfinished()]);
  return [
    ...runs.map((job): UnfinishedJob => ({ ...job, kind: "run" })),
    ...comparisons.map((job): UnfinishedJob => ({ ...job, kind: "comparison" })),
  ];
}

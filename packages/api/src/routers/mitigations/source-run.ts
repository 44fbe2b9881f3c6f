import type { DatasetDetail, RunDetail, Stores } from "@assay/db";
import { AssayError, type Plan, readPlan } from "@assay/schema";
import { findPlanFiles, type PlanFiles } from "../plans/plan-files.ts";
import { whyGone } from "../runs/why-gone.ts";

/** A run whose plan a mitigation is made from, with what it reads. */
export interface SourceRun {
  readonly run: RunDetail;
  readonly plan: Plan;
  readonly dataset: DatasetDetail;
  /** Its model; rows that an audit explains it against are no part of a mitigation. */
  readonly files: PlanFiles;
}

/**
 * Finds everything that a run of the server was made with.
 * @throws AssayError not-found; conflict, with the reason, where what it audited is not on the server
 */
export async function sourceRun(stores: Stores, id: string): Promise<SourceRun> {
  const run = await stores.runs.get(id);
  const gone = whyGone(run);
  if (gone !== null || run.dataset === null) {
    throw new AssayError("conflict", gone?.en ?? `the data of run ${run.number} were removed`);
  }
  const plan = readPlan(run.planYaml, "audit.yaml");
  // Without its audits no file of background rows is looked for.
  const { audits: _, ...read } = plan;
  const files = await findPlanFiles(read, run.project.id, stores, { model: run.model?.id });
  return { run, plan, dataset: await stores.datasets.get(run.dataset.id), files };
}

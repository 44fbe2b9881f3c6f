import type { DatasetDetail, NewRun, RunDetail, Stores } from "@assay/db";
import { type FeedbackCell, type Plan, readPlan } from "@assay/schema";
import type { Services } from "../../context.ts";
import { prepareFor } from "../plans/check.ts";
import { withProjectFeedback } from "../plans/plan-feedback.ts";
import { findPlanFiles, type PlanFiles } from "../plans/plan-files.ts";

/** What runs are started with. */
export interface RunStarter {
  readonly stores: Stores;
  readonly services: Pick<Services, "datasets" | "endpoints" | "models" | "runs">;
}

/** A plan with everything of its project that a run of it would read. */
export interface GatheredRun {
  readonly projectId: string;
  readonly planYaml: string;
  /** As written. */
  readonly written: Plan;
  /** With the project's own reports of people affected, where it asks for them. */
  readonly plan: Plan;
  readonly dataset: DatasetDetail;
  readonly files: PlanFiles;
  /** The counts of these reports as they are now; null where the plan does not ask. */
  readonly cells: readonly FeedbackCell[] | null;
}

/**
 * Finds what a plan reads: its model and background rows by the ids chosen, else by the names of their files, and what people
 * affected reported.
 * @throws AssayError plan-invalid for a text that is no plan; not-found for a chosen id that is not of the project
 */
export async function gatherRun(
  { stores }: Pick<RunStarter, "stores">,
  run: { readonly projectId: string; readonly planYaml: string; readonly dataset: DatasetDetail },
  chosen: { readonly model?: string | null | undefined; readonly background?: string | null | undefined } = {},
): Promise<GatheredRun> {
  const written = readPlan(run.planYaml, "audit.yaml");
  const files = await findPlanFiles(written, run.projectId, stores, chosen);
  const { plan, cells } = await withProjectFeedback(written, run.projectId, stores);
  return { ...run, written, plan, files, cells };
}

/**
 * Checks a plan against what it reads and makes its run, queued. The same key in a project is the same run.
 * @throws AssayError plan-invalid with every problem
 */
export async function startRun(
  { stores, services }: RunStarter,
  { projectId, planYaml, written, plan, dataset, files, cells }: GatheredRun,
  more: Pick<NewRun, "idempotencyKey" | "scheduleId" | "shards" | "sourceId"> = {},
): Promise<RunDetail> {
  await prepareFor({ plan, planYaml }, dataset, files, services);
  return stores.runs.create(
    {
      ...more,
      ...{ projectId, planYaml, datasetId: dataset.id, title: written.project },
      modelVersionId: files.model?.id,
      backgroundId: files.background?.id,
    },
    async (sql, id) => {
      if (cells !== null) await stores.feedback.keepCells(sql, id, cells);
      await services.runs.enqueue(sql, id);
    },
  );
}

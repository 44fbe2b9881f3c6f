import type { DueSchedule, RunDetail, ScheduledRun } from "@assay/db";
import { digestFeedback } from "@assay/schema";
import { type GatheredRun, gatherRun, type RunStarter, startRun } from "../runs/start-run.ts";
import { newestData } from "./check-fit.ts";

export type Started =
  | { readonly outcome: "run"; readonly run: RunDetail }
  /** Nothing new to run on, or the last run is still under way. */
  | { readonly outcome: "unchanged" | "busy"; readonly run: null };

/**
 * Makes a schedule's run, of the newest data of its name and the newest model of its plan's file. The same key again is the
 * same run. `always`: also where nothing has changed, or a run is still under way.
 * @throws AssayError not-found where the data or the model are gone; plan-invalid where the plan no longer fits them
 */
export async function startScheduled(
  starter: RunStarter,
  schedule: Pick<DueSchedule, "dataset" | "id" | "planYaml" | "projectId" | "runUnchanged">,
  { key, always = false }: { readonly key: string; readonly always?: boolean },
): Promise<Started> {
  const { stores } = starter;
  const { id, projectId, planYaml, runUnchanged } = schedule;
  const idempotencyKey = `schedule:${id}:${key}`;
  const made = await stores.runs.findByKey(projectId, idempotencyKey);
  if (made !== null) return { outcome: "run", run: made };
  const last = always ? null : await stores.schedules.lastRun(id);
  if (last?.status === "queued" || last?.status === "running") return { outcome: "busy", run: null };
  const dataset = await newestData(starter, projectId, schedule.dataset);
  const gathered = await gatherRun(starter, { projectId, planYaml, dataset });
  if (last !== null && !runUnchanged && isSame(last, gathered)) return { outcome: "unchanged", run: null };
  return { outcome: "run", run: await startRun(starter, gathered, { scheduleId: id, idempotencyKey }) };
}

/** Whether a run would read what the last one read, to its end. */
function isSame(last: ScheduledRun, { planYaml, dataset, files, cells }: GatheredRun): boolean {
  return (
    last.status === "completed" &&
    last.planYaml === planYaml &&
    last.datasetId === dataset.id &&
    last.modelVersionId === (files.model?.id ?? null) &&
    last.backgroundId === (files.background?.id ?? null) &&
    last.feedbackDigest === (cells === null ? null : digestFeedback(cells))
  );
}

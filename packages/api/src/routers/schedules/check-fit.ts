import type { DatasetDetail } from "@assay/db";
import { AssayError } from "@assay/schema";
import { prepareFor } from "../plans/check.ts";
import { gatherRun, type RunStarter } from "../runs/start-run.ts";

/** The data that a schedule would read now. @throws AssayError not-found where the project has none of that name */
export async function newestData(
  { stores }: Pick<RunStarter, "stores">,
  projectId: string,
  name: string,
): Promise<DatasetDetail> {
  const dataset = await stores.datasets.findByName(projectId, name);
  if (dataset !== null) return dataset;
  throw new AssayError("not-found", `no dataset of this project is named "${name}"; upload one under that name`);
}

/**
 * Checks that a plan can be run on the data as they are now, so that a schedule does not begin with an error.
 * @throws AssayError not-found; plan-invalid with every problem
 */
export async function checkFit(
  starter: RunStarter,
  schedule: { readonly projectId: string; readonly planYaml: string; readonly dataset: string },
): Promise<void> {
  const { projectId, planYaml } = schedule;
  const dataset = await newestData(starter, projectId, schedule.dataset);
  const { plan, files } = await gatherRun(starter, { projectId, planYaml, dataset });
  await prepareFor({ plan, planYaml }, dataset, files, starter.services);
}

import type { Stores } from "@assay/db";
import { AssayError } from "@assay/schema";

/** @throws AssayError not-found for a dataset that is not of the model's project */
export async function checkTrainingData(
  { datasets }: Pick<Stores, "datasets">,
  id: string | null | undefined,
  projectId: string,
): Promise<void> {
  if (id === null || id === undefined) return;
  const dataset = await datasets.get(id);
  if (dataset.project === projectId) return;
  throw new AssayError("not-found", `dataset "${id}" belongs to another project; name one of the model's own`);
}

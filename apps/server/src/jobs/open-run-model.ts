import { describeEndpoint, type KnownColumn, type Prepared } from "@assay/audits";
import type { CodedTable } from "@assay/dataset";
import type { Work, WorkFiles } from "@assay/db";
import { type Model, openEndpoint, systemHost } from "@assay/models";
import { AssayError, backgroundFile, type DataSource, type Plan, planError } from "@assay/schema";
import { allowEndpoint, type EndpointRules } from "../endpoints.ts";
import type { Blobs } from "../storage/blobs.ts";
import { openStoredModel } from "../storage/open-stored-model.ts";
import type { TableCache } from "./open-tables.ts";

/**
 * Opens the version of the model that the run was made with, or the plan's endpoint, which is not asked yet; null where its
 * plan has none.
 * @throws AssayError not-found where it was removed; digest-mismatch, naming the file; model-invalid; plan-invalid for an
 *   endpoint that this worker may not ask
 */
export async function openRunModel(
  work: Pick<WorkFiles, "model">,
  plan: Plan,
  columns: readonly KnownColumn[],
  { blobs, endpoints }: { readonly blobs: Blobs; readonly endpoints: EndpointRules },
): Promise<Model | null> {
  if (plan.model === undefined) return null;
  const { endpoint } = plan.model;
  if (endpoint !== undefined) {
    // Rules may have changed since the plan was checked, and a worker may have others.
    const { filled, problems } = allowEndpoint(endpoint, endpoints);
    if (problems.length > 0) throw planError("audit.yaml", problems);
    const inputs = describeEndpoint(plan, columns)?.inputs ?? [];
    return openEndpoint(endpoint, { inputs, filled, host: systemHost });
  }
  if (work.model === null) {
    throw new AssayError("not-found", "the run's model was removed; push it again and start a new run");
  }
  return openStoredModel(blobs, work.model, plan.columns.features.length);
}

/**
 * Rows of the dataset that stands for the plan's background file, read as the plan's data are; null where it names none.
 * @throws AssayError not-found where it was removed; data-invalid; plan-invalid for a column that it lacks
 */
export async function openBackground(
  work: Work,
  prepared: Prepared,
  blobs: Blobs,
  tables: TableCache,
): Promise<CodedTable | null> {
  const { plan, roles } = prepared;
  if (backgroundFile(plan) === null || roles.model === null) return null;
  const { background } = work;
  if (background === null) {
    throw new AssayError(
      "not-found",
      "the dataset of background rows was removed; upload it again and start a new run",
    );
  }
  const { file: _file, counts: _counts, where: _where, ...source } = plan.data;
  const opened = await tables.open({
    path: blobs.path(background.digest),
    digest: background.digest,
    name: background.fileName,
    // The filter speaks of the data: it may name columns that a file of background rows need not have.
    source: source satisfies Omit<DataSource, "counts" | "file" | "where">,
  });
  const { table } = await opened.load(roles.model.inputs.map((input) => input.request));
  return table;
}

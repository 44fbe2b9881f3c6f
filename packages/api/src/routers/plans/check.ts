import { type KnownModel, type ModelRole, type Prepared, preparePlan, registry } from "@assay/audits";
import type { DatasetDetail } from "@assay/db";
import {
  AuditId,
  backgroundPlace,
  isAssayError,
  LocalizedText,
  Plan,
  type Problem,
  planError,
  readPlan,
  withPlanLines,
} from "@assay/schema";
import { z } from "zod";
import type { Services } from "../../context.ts";
import { ProblemShape } from "../../shapes/error.ts";
import { exactly } from "../../shapes/exactly.ts";
import { kept } from "../../shapes/kept.ts";
import { signedIn } from "../../trpc.ts";
import { withProjectFeedback } from "./plan-feedback.ts";
import { findPlanFiles, type PlanFiles } from "./plan-files.ts";

export const check = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/datasets/{dataset}/plan/check",
      tags: ["plans"],
      summary: "Check a plan against a dataset's columns, before any work",
    },
  })
  .input(
    exactly({
      dataset: z.string(),
      plan: z.string().max(1_000_000),
      /** Ids of the version that the plan's model stands for and of the dataset of background rows; found by the names
       * of their files unless told. */
      model: z.string().optional(),
      background: z.string().optional(),
    }),
  )
  .output(
    z.object({
      ok: z.boolean(),
      problems: z.array(ProblemShape),
      plan: kept(Plan).nullable(),
      audits: z.array(z.object({ id: AuditId, runs: z.boolean(), reason: LocalizedText.nullable() })),
    }),
  )
  .mutation(async ({ ctx, input }) => {
    const dataset = await ctx.stores.datasets.get(input.dataset);
    let plan: Plan | null = null;
    try {
      plan = readPlan(input.plan, "audit.yaml");
      const files = await findPlanFiles(plan, dataset.project, ctx.stores, input);
      const asked = await withProjectFeedback(plan, dataset.project, ctx.stores);
      const prepared = await prepareFor({ ...asked, planYaml: input.plan }, dataset, files, ctx.services);
      return { ok: true, problems: [], plan, audits: auditsOf(prepared) };
    } catch (error) {
      if (!isAssayError(error) || error.code !== "plan-invalid") throw error;
      return { ok: false, problems: [...error.problems], plan, audits: [] };
    }
  });

/**
 * Binds a plan to a dataset's columns, its row filter, model and background rows included. `planYaml`: its text, for
 * lines; null where nobody wrote it.
 * @throws AssayError plan-invalid with every problem
 */
export async function prepareFor(
  { plan, planYaml }: { readonly plan: Plan; readonly planYaml: string | null },
  dataset: DatasetDetail,
  files: PlanFiles,
  services: Pick<Services, "datasets" | "endpoints" | "models">,
): Promise<Prepared> {
  const columns = await services.datasets.columns(dataset, plan.data);
  const problems = [
    ...(plan.data.where === undefined ? [] : services.datasets.checkWhere(plan.data.where, columns)),
    ...files.problems,
    ...(plan.model?.endpoint === undefined ? [] : services.endpoints.problems(plan.model.endpoint)),
  ];
  let model: KnownModel | null = null;
  try {
    if (files.model !== null) model = await services.models.describe(files.model, plan.columns.features.length);
  } catch (error) {
    if (!isAssayError(error) || (error.code !== "model-invalid" && error.code !== "not-supported")) throw error;
    problems.push({ at: "model.file", message: error.message });
  }
  try {
    const prepared = preparePlan(plan, columns, { name: "audit.yaml", model });
    if (files.background !== null && prepared.roles.model !== null) {
      const given = await services.datasets.columns(files.background, plan.data);
      problems.push(...backgroundProblems(prepared.roles.model, files.background.fileName, given));
    }
    if (problems.length === 0) return prepared;
  } catch (error) {
    if (!isAssayError(error) || error.code !== "plan-invalid") throw error;
    const places = new Set(problems.map((problem) => problem.at));
    problems.push(...error.problems.filter((problem) => !places.has(problem.at)));
  }
  const error = planError("audit.yaml", problems);
  throw planYaml === null ? error : withPlanLines(error, "audit.yaml", planYaml);
}

/** Columns that the model takes and the file of background rows has not. */
function backgroundProblems(
  model: ModelRole,
  fileName: string,
  columns: readonly { readonly name: string }[],
): readonly Problem[] {
  return model.features
    .filter((name) => !columns.some((column) => column.name === name))
    .map((name) => ({ at: backgroundPlace, message: `${fileName} has no column "${name}", which the model takes` }));
}

function auditsOf(prepared: Prepared) {
  return registry.map(({ id }) => {
    const skipped = prepared.skipped.find((one) => one.id === id);
    return {
      id,
      runs: prepared.audits.some((audit) => audit.definition.id === id),
      reason: skipped?.reason ?? null,
    };
  });
}

import { type KnownModel, type Prepared, preparePlan, registry } from "@assay/audits";
import { whereProblems } from "@assay/dataset";
import {
  backgroundFile,
  backgroundPlace,
  isAssayError,
  type Plan,
  type Problem,
  planError,
  readPlan,
  withPlanLines,
} from "@assay/schema";
import type { CheckedPlan, Material } from "./audit-messages.ts";
import { type OpenMaterial, sourceOf } from "./open-material.ts";

export const planName = "audit.yaml";

/** What is wrong with a plan's text, or which audits it can run: the same answer as the server gives. */
export async function checkPlan(text: string, material: Material, open: OpenMaterial): Promise<CheckedPlan> {
  let plan: Plan | null = null;
  try {
    plan = readPlan(text, planName);
    const prepared = await prepareHere(plan, material, open);
    const audits = registry.map(({ id }) => ({
      id,
      runs: prepared.audits.some((audit) => audit.definition.id === id),
      reason: prepared.skipped.find((one) => one.id === id)?.reason ?? null,
    }));
    return { ok: true, problems: [], plan, audits };
  } catch (failed) {
    const error = withPlanLines(failed, planName, text);
    if (!isAssayError(error) || error.code !== "plan-invalid") throw error;
    return { ok: false, problems: [...error.problems], plan, audits: [] };
  }
}

/**
 * Binds a plan to the columns and the model that were chosen here.
 * @throws AssayError plan-invalid with every problem
 */
export async function prepareHere(plan: Plan, material: Material, open: OpenMaterial): Promise<Prepared> {
  const { columns } = await open.dataset(material.data, sourceOf(plan));
  const names = columns.map(({ name }) => name);
  const problems = [
    ...(plan.data.where === undefined ? [] : whereProblems(plan.data.where, names)),
    ...fileProblems(plan, material),
  ];
  let model: KnownModel | null = null;
  try {
    if (material.model !== null && plan.model?.file !== undefined) {
      model = await open.describe(material.model, plan.columns.features.length);
    }
  } catch (error) {
    if (!isAssayError(error)) throw error;
    problems.push({ at: "model.file", message: error.message });
  }
  try {
    const prepared = preparePlan(plan, columns, { name: planName, model });
    if (problems.length === 0) return prepared;
  } catch (error) {
    if (!isAssayError(error) || error.code !== "plan-invalid") throw error;
    const places = new Set(problems.map((problem) => problem.at));
    throw planError(planName, [...problems, ...error.problems.filter((problem) => !places.has(problem.at))]);
  }
  throw planError(planName, problems);
}

/** Files and places that a plan names and a tab has not. */
function fileProblems({ model, ...plan }: Plan, { data, model: given }: Material): Problem[] {
  const problems: Problem[] = [];
  const own = given?.files[0]?.name;
  if (model?.endpoint !== undefined) {
    problems.push({
      at: "model.endpoint",
      message: "an address is asked by sending it rows, and in this browser no row leaves the tab; choose a model file",
    });
  }
  if (model?.file !== undefined && own === undefined) {
    problems.push({ at: "model.file", message: `"${model.file}" is not chosen in this tab; choose it below` });
  }
  if (model === undefined && own !== undefined) {
    problems.push({
      at: "model",
      message: `${own} is chosen, and the plan has no model; write model: { file: ${own} }`,
    });
  }
  if (typeof model?.categories === "string") {
    problems.push({
      at: "model.categories",
      message: `"${model.categories}" is a file beside the plan, which is not here; write its lists in the plan`,
    });
  }
  const background = backgroundFile({ ...plan, ...(model === undefined ? {} : { model }) });
  if (background !== null) {
    problems.push({
      at: backgroundPlace,
      message: `"${background}" is a file beside the plan, which is not here; give a number of rows`,
    });
  }
  if (data.counts !== (plan.data.counts !== undefined)) {
    const [has, wants] = data.counts ? ["counts", "file"] : ["file", "counts"];
    problems.push({
      at: `data.${wants}`,
      message: `the data were opened as ${has === "counts" ? "a table of counts" : "rows"}: write data.${has}, or choose the file again`,
    });
  }
  return problems;
}

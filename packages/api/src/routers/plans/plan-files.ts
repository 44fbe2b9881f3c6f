import type { DatasetDetail, ModelVersionRow, Stores } from "@assay/db";
import { AssayError, backgroundFile, backgroundPlace, type Plan, type Problem } from "@assay/schema";

/** What the files that a plan names beside its data stand for in a project. */
export interface PlanFiles {
  readonly model: ModelVersionRow | null;
  readonly background: DatasetDetail | null;
  readonly problems: readonly Problem[];
}

/**
 * Finds a plan's model and background rows in its project: by the ids chosen, else the newest whose file has the name that
 * the plan has.
 * @throws AssayError not-found for a chosen id that is not of the project
 */
export async function findPlanFiles(
  plan: Plan,
  projectId: string,
  { models, datasets }: Pick<Stores, "datasets" | "models">,
  chosen: { readonly model?: string | null | undefined; readonly background?: string | null | undefined },
): Promise<PlanFiles> {
  const problems: Problem[] = [];
  let model: ModelVersionRow | null = null;
  if (plan.model !== undefined) {
    const { file, categories } = plan.model;
    if (file !== undefined) {
      model = chosen.model ? await models.version(chosen.model) : await models.findByFile(projectId, baseName(file));
      if (model === null) {
        problems.push({
          at: "model.file",
          message: `no model of this project has a file "${baseName(file)}"; push it to the project first`,
        });
      }
    } else if (chosen.model) {
      problems.push({
        at: "model",
        message: "a model is chosen, and the plan asks an endpoint; leave one of them out",
      });
    }
    if (typeof categories === "string") {
      problems.push({
        at: "model.categories",
        message: `"${categories}" is a file beside the plan, which is not here; write its lists in the plan`,
      });
    }
  } else if (chosen.model) {
    problems.push({ at: "model", message: "a model is chosen, and the plan has none; write model: { file: … }" });
  }
  const named = backgroundFile(plan);
  let background: DatasetDetail | null = null;
  if (named !== null) {
    background = chosen.background
      ? await datasets.get(chosen.background)
      : await datasets.findByFile(projectId, baseName(named));
    if (background === null) {
      problems.push({
        at: backgroundPlace,
        message: `no dataset of this project is of a file "${baseName(named)}"; upload it first, or give a number of rows`,
      });
    }
  }
  for (const found of [model, background]) {
    if (found !== null && found.project !== projectId) {
      throw new AssayError("not-found", `${found.fileName} ("${found.id}") belongs to another project`);
    }
  }
  return { model, background, problems };
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) || path;
}

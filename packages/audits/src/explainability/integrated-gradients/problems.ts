import type { Problem } from "@assay/schema";
import type { Roles } from "../../roles.ts";

/** What has no one output to explain, before any work. */
export function integratedGradientsProblems({ model }: Pick<Roles, "model">): readonly Problem[] {
  if (model === null || (model.about.classes?.length ?? 0) <= 2 || model.positive !== null) return [];
  return [{ at: "baseline", message: "the model has several classes; name with columns.positive the one to explain" }];
}

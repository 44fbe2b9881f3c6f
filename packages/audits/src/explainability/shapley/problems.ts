import type { Problem } from "@assay/schema";
import type { Roles } from "../../roles.ts";
import type { ShapleyInput } from "./settings.ts";

/** What has no exact Shapley values, before any work. */
export function shapleyProblems({ kind, output }: ShapleyInput, { model }: Roles): readonly Problem[] {
  if (model === null || model.about.structure !== "trees") return [];
  const { classes, link, output: gives } = model.about;
  if ((classes?.length ?? 0) > 2 && model.positive === null) {
    return [{ at: "output", message: "the model has several classes; name with columns.positive the one to explain" }];
  }
  if (link === null) {
    return [
      {
        at: "output",
        message:
          "this model's outputs are made of several sums of its trees together, which have no exact values; export the trees as one output, such as a TreeEnsembleRegressor of the probability or the log-odds",
      },
    ];
  }
  if (output === "log-odds" && link === "identity" && gives === "probabilities") {
    return [
      { at: "output", message: "this model's trees add up to a probability, not to log-odds; set output: probability" },
    ];
  }
  if (output === "probability" && link === "logistic" && kind === "path-dependent") {
    return [{ at: "output", message: "path-dependent values of this model are of its log-odds; set output: log-odds" }];
  }
  return [];
}

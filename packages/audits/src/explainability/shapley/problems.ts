import { maxCoalitionPlayers } from "@assay/compute";
import type { Problem } from "@assay/schema";
import type { Roles } from "../../roles.ts";
import type { ShapleyInput } from "./settings.ts";

/** What has no exact Shapley values, before any work. */
export function shapleyProblems({ kind, output }: ShapleyInput, { model }: Roles): readonly Problem[] {
  if (model === null || model.about.structure !== "trees") return [];
  const { classes, inputs, link, output: gives } = model.about;
  if ((classes?.length ?? 0) > 2 && model.positive === null) {
    return [{ at: "output", message: "the model has several classes; name with columns.positive the one to explain" }];
  }
  if (link === null) {
    return [
      {
        at: "output",
        message:
          "this model's outputs are neither sums of its trees nor a logistic function or softmax of them, so that no exact values are known; export the trees as one output, such as a TreeEnsembleRegressor of the probability or the log-odds",
      },
    ];
  }
  if (output === "log-odds" && link === "identity" && gives === "probabilities") {
    return [
      { at: "output", message: "this model's trees add up to a probability, not to log-odds; set output: probability" },
    ];
  }
  if (output !== "probability" || link === "identity") return [];
  if (kind === "path-dependent") {
    return [{ at: "output", message: "path-dependent values of this model are of its log-odds; set output: log-odds" }];
  }
  if (link !== "logistic" && inputs.length > maxCoalitionPlayers) {
    return [
      {
        at: "output",
        message: `the probability of one of ${classes?.length ?? "several"} classes is explained over all sets of inputs, which ${inputs.length} inputs have too many of (at most ${maxCoalitionPlayers}); set output: log-odds, the class's own score before the others come in`,
      },
    ];
  }
  return [];
}

import type { ColumnRequest } from "@assay/dataset";
import type { LocalizedText, Problem } from "@assay/schema";
import type { Roles } from "../../roles.ts";
import type { Input } from "./settings.ts";

/** What is measured of each group: a binary decision, or a score beside a label; a class out of several; or a number. */
export type Decided = "binary" | "classes" | "values";

export interface Outputs {
  readonly decided: Decided | null;
  /** Places in ranked lists. */
  readonly lists: boolean;
}

/**
 * A decision comes before a prediction. A score beside a label is measured by it where no lists are named; it ranks where they
 * are, or where there is nothing else to measure.
 */
export function outputsOf({ output }: Pick<Input, "output">, roles: Roles): Outputs {
  const isScored = roles.score !== null && roles.label !== null && roles.query === null;
  const decided = roles.decision ? "binary" : roles.prediction ? kindOf(output, roles) : isScored ? "binary" : null;
  return { decided, lists: roles.score !== null && (roles.query !== null || decided === null) };
}

/** Numbers with decimals, of prediction or label, are values; whole numbers on both sides are names of classes. */
function kindOf(output: Input["output"], roles: Roles): "classes" | "values" {
  if (output !== "auto") return output;
  const prediction = typeOf(roles.prediction, roles);
  const label = roles.labelText ? typeOf(roles.labelText, roles) : prediction;
  const isNumber = (type: string | null): boolean => type === "integer" || type === "number";
  if (!isNumber(prediction) || !isNumber(label)) return "classes";
  return prediction === "number" || label === "number" ? "values" : "classes";
}

function typeOf(request: Roles["prediction"], roles: Roles): string | null {
  if (request?.kind === "model") return request.output === "score" ? "number" : null;
  return request === null ? null : (roles.columns.get(request.column) ?? null);
}

/** Prediction and label as numbers; null where the plan names no such column. A regression model's prediction is a number. */
export function valueRequests(roles: Roles): { prediction: ColumnRequest | null; label: ColumnRequest | null } {
  const asNumber = (request: Roles["prediction"]): ColumnRequest | null => {
    if (request?.kind === "model") return request.output === "score" ? request : null;
    return request === null ? null : { kind: "number", column: request.column };
  };
  return { prediction: asNumber(roles.prediction), label: asNumber(roles.labelText) };
}

/** Values are asked of columns that hold none. */
export function outputProblems(
  { output }: Pick<Input, "output">,
  roles: Roles,
): (Problem & { readonly reason?: LocalizedText })[] {
  if (output !== "values" || roles.decision !== null || roles.prediction === null) return [];
  if (roles.prediction.kind === "model" && roles.prediction.output !== "score") {
    return [{ at: "output", message: "the model predicts classes, values are numbers; leave output out" }];
  }
  return [roles.prediction, roles.labelText].flatMap((request): Problem[] => {
    if (request === null || request.kind === "model") return [];
    const type = typeOf(request, roles);
    if (type === "integer" || type === "number") return [];
    return [
      {
        at: "output",
        message: `column "${request.column}" holds ${type}, values are numbers; texts that stand for a missing number belong in data.missing`,
      },
    ];
  });
}

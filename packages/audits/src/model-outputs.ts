import type { OutputValues } from "@assay/models";
import { AssayError, type ReportModel } from "@assay/schema";
import type { ModelOutputs } from "./audit-model.ts";
import { type ModelRole, positivePlace } from "./model-roles.ts";
import { truthy } from "./truthy.ts";

/**
 * A model's main output in the plan's words: the score of the positive class (of a classifier its probability, else the
 * last column), the decision that the threshold makes of it, and the class that is most likely.
 */
export function readOutputs(main: OutputValues, about: ReportModel, role: ModelRole): ModelOutputs {
  if (main.kind === "label") return readLabels(main, about, role);
  const { values, width } = main;
  const rows = values.length / width;
  const score = new Float64Array(rows);
  const decision = new Uint8Array(rows);
  const { column, flip } = scoreColumn(width, about, role);
  for (let row = 0; row < rows; row++) {
    const value = values[row * width + column] ?? Number.NaN;
    const own = !flip ? value : main.kind === "probabilities" ? 1 - value : -value;
    score[row] = own;
    decision[row] = own >= role.threshold ? 1 : 0;
  }
  return {
    score,
    decision,
    predicted: width > 1 ? mostLikely(values, width, rows) : null,
    ...(main.kind === "probabilities" && width > 1 ? { probabilities: values } : {}),
  };
}

/** The column of the main output that is the score, and whether it speaks of the other class. */
export function scoreColumn(
  width: number,
  about: Pick<ReportModel, "classes">,
  role: Pick<ModelRole, "positive">,
): { readonly column: number; readonly flip: boolean } {
  const classes = about.classes ?? [];
  const place = classes.length > 0 ? positivePlace(role.positive, classes) : width - 1;
  // One column of two classes speaks of the second.
  const flip = width === 1 && classes.length === 2 && place === 0;
  return { column: width === 1 ? 0 : Math.min(place, width - 1), flip };
}

function mostLikely(values: Float64Array, width: number, rows: number): Uint32Array {
  const predicted = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let column = 1; column < width; column++) {
      if ((values[row * width + column] ?? 0) > (values[row * width + best] ?? 0)) best = column;
    }
    predicted[row] = best;
  }
  return predicted;
}

function readLabels(main: Extract<OutputValues, { kind: "label" }>, about: ReportModel, role: ModelRole): ModelOutputs {
  const { codes, levels } = main;
  const classes = about.classes ?? levels;
  const isPositive = Uint8Array.from(levels, (level) => (isPositiveLabel(level, role) ? 1 : 0));
  const places = Uint32Array.from(levels, (level) => {
    const place = classes.indexOf(level);
    if (place === -1) {
      throw new AssayError(
        "data-invalid",
        `${about.file}: the model gave the label "${level}", which is none of its classes`,
      );
    }
    return place;
  });
  return {
    score: null,
    decision: Uint8Array.from(codes, (code) => isPositive[code] ?? 0),
    predicted: Uint32Array.from(codes, (code) => places[code] ?? 0),
    ...(about.classes === null ? { labels: levels } : {}),
  };
}

/** Whether a label is the positive class: the one that the role names, else what reads as positive in a column too. */
export function isPositiveLabel(level: string, { positive }: Pick<ModelRole, "positive">): boolean {
  if (positive === null) return truthy.some((text) => text === level);
  return level === positive || (level.trim() !== "" && Number(level) === Number(positive));
}

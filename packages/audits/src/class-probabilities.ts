import { type CodedTable, coded, type ModelRequest, sharedNumbers } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { ModelOutputs } from "./audit-model.ts";
import type { Prepared } from "./prepare.ts";
import type { Roles } from "./roles.ts";

/** What is kept of the probabilities that a model gives each of several classes, a number a row. */
export const probabilityOutputs = [
  "label-probability",
  "squared-distance",
  "top-probability",
] as const satisfies readonly ModelRequest["output"][];
export type ProbabilityOutput = (typeof probabilityOutputs)[number];

/** Whether the plan's prediction is that of a model which gives the probability of each class, beside a label. */
export function givesProbabilities({ labelText, model, prediction }: Roles): boolean {
  return (
    labelText !== null &&
    prediction?.kind === "model" &&
    prediction.output === "prediction" &&
    model?.about.output === "probabilities" &&
    (model.about.classes?.length ?? 0) > 1
  );
}

export function probabilityRequests(roles: Roles): readonly ModelRequest[] {
  return givesProbabilities(roles) ? probabilityOutputs.map((output) => ({ kind: "model", output })) : [];
}

/**
 * Columns made of the probabilities of classes, row by row: they depend on the row alone. A label that is none of the model's
 * classes has probability 0. A row without a label has none of them.
 */
export class ClassProbabilities {
  readonly columns: ReadonlyMap<ProbabilityOutput, Float64Array>;
  /** The first row with a probability that is no number; −1 where there is none. */
  odd = -1;
  readonly #classes: number;
  readonly #labels: ArrayLike<number>;
  /** Code of the label → place among the classes, −1 where the model knows no such class. */
  readonly #places: Int32Array;

  private constructor(
    outputs: readonly ProbabilityOutput[],
    table: CodedTable,
    labels: { readonly codes: ArrayLike<number>; readonly levels: readonly string[] },
    classes: readonly string[],
  ) {
    this.columns = new Map(outputs.map((output) => [output, sharedNumbers(table.rows)]));
    this.#classes = classes.length;
    this.#labels = labels.codes;
    this.#places = Int32Array.from([-1, ...labels.levels.map((level) => classes.indexOf(level))]);
  }

  /** Null where no audit asks for any of them. */
  static asked(
    { modelRequests, roles }: Prepared,
    table: CodedTable,
    classes: readonly string[],
  ): ClassProbabilities | null {
    const outputs = probabilityOutputs.filter((output) => modelRequests.some((request) => request.output === output));
    if (outputs.length === 0 || roles.labelText === null) return null;
    return new ClassProbabilities(outputs, table, coded(table, roles.labelText), classes);
  }

  /** Takes the answers for rows [start, end). */
  read({ probabilities }: ModelOutputs, start: number, end: number): void {
    const width = this.#classes;
    if (probabilities === undefined || probabilities.length !== width * (end - start)) {
      throw new AssayError("internal", "the model does not give the probability of each class");
    }
    const ofLabel = this.columns.get("label-probability");
    const ofTop = this.columns.get("top-probability");
    const distance = this.columns.get("squared-distance");
    for (let row = start; row < end; row++) {
      const code = this.#labels[row] ?? 0;
      const own = this.#places[code] ?? -1;
      const at = (row - start) * width;
      let top = Number.NEGATIVE_INFINITY;
      let squares = 0;
      for (let place = 0; place < width; place++) {
        const probability = probabilities[at + place] ?? Number.NaN;
        if (probability > top) top = probability;
        squares += place === own ? (probability - 1) ** 2 : probability ** 2;
      }
      // A label that the model does not know is a class of its own, of probability 0.
      if (own < 0) squares += 1;
      if (!Number.isFinite(squares)) {
        if (this.odd === -1) this.odd = row;
      }
      const isKnown = code > 0;
      if (ofLabel) ofLabel[row] = !isKnown ? Number.NaN : own < 0 ? 0 : (probabilities[at + own] ?? Number.NaN);
      if (ofTop) ofTop[row] = isKnown ? top : Number.NaN;
      if (distance) distance[row] = isKnown ? squares : Number.NaN;
    }
  }
}

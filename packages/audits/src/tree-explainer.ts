import { type Device, explainRows, loadTreeShap, uploadTable } from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import type { Model } from "@assay/models";
import { AssayError } from "@assay/schema";
import { describeModel } from "./describe-model.ts";
import { inputColumns } from "./model-inputs.ts";
import { type ModelRole, positivePlace } from "./model-roles.ts";

export interface ExplainerOptions {
  readonly kind: "interventional" | "path-dependent";
  readonly output: "log-odds" | "probability";
  /** Rows that stand for "not told"; read for interventional values, and for covers that the file does not carry. */
  readonly background: { readonly table: CodedTable; readonly rows: Uint32Array | null };
}

/** Some rows' Shapley values, float64[rows × inputs], in the order of the table. */
export interface ExplainedPart {
  readonly firstRow: number;
  readonly rows: number;
  readonly values: Float64Array;
}

/** Shapley values of the positive class's output. The caller frees it. */
export interface TreeExplainer {
  readonly base: number;
  explain(table: CodedTable, rows: Uint32Array | null): AsyncGenerator<ExplainedPart>;
  /** What the values of a row add up to with the base: the output that is explained. */
  outputs(table: CodedTable, rows: Uint32Array | null): Promise<Float64Array>;
  free(): void;
}

/**
 * Opens an explainer of a model that is a tree ensemble.
 * @throws AssayError not-supported for what has no exact values: columns made of several inputs, a link other than the
 *   logistic function, probabilities of log-odds path by path
 */
export async function openTreeExplainer(
  model: Model,
  role: ModelRole,
  device: Device,
  options: ExplainerOptions,
): Promise<TreeExplainer> {
  const trees = model.forest;
  if (trees === null) throw new AssayError("internal", "tree explainer: the model is no tree ensemble");
  const about = describeModel(model);
  const mixed = trees.sources.findIndex((source) => source < 0);
  if (mixed !== -1) {
    throw new AssayError(
      "not-supported",
      `${model.file}: column ${mixed} of its trees is made of several inputs, so that no input's part in it can be told`,
    );
  }
  const own = linkOf(trees.link, model.file);
  const link = options.output === "log-odds" ? "identity" : own;
  const players = Int32Array.from(trees.sources);
  const used = [...new Set(players)].sort((a, b) => a - b);
  // Players are numbered without gaps: an input that no column is made of has no part.
  const dense = Int32Array.from(players, (source) => used.indexOf(source));
  const upload = (table: CodedTable, rows: Uint32Array | null) =>
    uploadTable(device, trees.encode(inputColumns(role, table, rows)));
  const isInterventional = options.kind === "interventional";
  const background = isInterventional ? upload(options.background.table, options.background.rows) : null;
  const loaded = await loadTreeShap(device, trees.forest, {
    kind: options.kind,
    background,
    link,
    players: dense,
  }).finally(() => background?.free());
  const classes = about.classes ?? [];
  const place = classes.length > 0 ? positivePlace(role.positive, classes) : loaded.outputs - 1;
  const output = loaded.outputs === 1 ? 0 : place;
  // One output of two classes speaks of the second: of the first it is what is left, and the log-odds turned round.
  const flip = loaded.outputs === 1 && classes.length === 2 && place === 0;
  const sign = flip ? -1 : 1;
  const shift = flip && about.output === "probabilities" && options.output === "probability" ? 1 : 0;
  const inputs = role.inputs.length;
  return {
    base: shift + sign * (loaded.base[output] ?? 0),
    async *explain(table, rows) {
      const uploaded = upload(table, rows);
      try {
        for await (const part of explainRows(loaded, uploaded)) {
          const values = new Float64Array(part.rows * inputs);
          for (let row = 0; row < part.rows; row++) {
            for (const [player, input] of used.entries()) {
              const at = (row * loaded.players + player) * loaded.outputs + output;
              values[row * inputs + input] = sign * (part.values[at] ?? 0);
            }
          }
          yield { firstRow: part.firstRow, rows: part.rows, values };
        }
      } finally {
        uploaded.free();
      }
    },
    async outputs(table, rows) {
      const { outputs } = await model.predict(inputColumns(role, table, rows), { device });
      const main = outputs.find((one) => one.name === model.main.name);
      if (main === undefined || main.kind === "label") throw new AssayError("internal", "tree explainer: no numbers");
      const column = main.width === 1 ? 0 : place;
      const count = main.values.length / main.width;
      const values = new Float64Array(count);
      for (let row = 0; row < count; row++) {
        const value = main.values[row * main.width + column] ?? Number.NaN;
        const turned = !flip ? value : main.kind === "probabilities" ? 1 - value : -value;
        values[row] =
          options.output === "log-odds" && main.kind === "probabilities"
            ? Math.log(turned) - Math.log1p(-turned)
            : turned;
      }
      return values;
    },
    free: () => loaded.free(),
  };
}

function linkOf(link: "identity" | "logistic" | null, file: string): "identity" | "logistic" {
  if (link !== null) return link;
  throw new AssayError(
    "not-supported",
    `${file}: its outputs are made of its trees' sums by steps that exact values cannot follow; export the trees as one output, such as a TreeEnsembleRegressor of the probability or the log-odds`,
  );
}

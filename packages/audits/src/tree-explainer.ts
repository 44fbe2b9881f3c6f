import {
  countCovers,
  type Device,
  explainRows,
  loadForest,
  loadTreeShap,
  predictForest,
  uploadTable,
} from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import type { Model, ModelForest } from "@assay/models";
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
  /** Where path-dependent values have the covers of the nodes from. */
  readonly covers: "background" | "file";
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
  const mixed = trees.sources.findIndex((source) => source < 0);
  if (mixed !== -1) {
    throw new AssayError(
      "not-supported",
      `${model.file}: column ${mixed} of its trees is made of several inputs, so that no input's part in it can be told`,
    );
  }
  const part = explainedPart(model, role, options.output);
  const players = Int32Array.from(trees.sources);
  const used = [...new Set(players)].sort((a, b) => a - b);
  // Players are numbered without gaps: an input that no column is made of has no part.
  const dense = Int32Array.from(players, (source) => used.indexOf(source));
  const upload = (table: CodedTable, rows: Uint32Array | null) =>
    uploadTable(device, trees.encode(inputColumns(role, table, rows)));
  const isInterventional = options.kind === "interventional";
  const background = isInterventional ? upload(options.background.table, options.background.rows) : null;
  const covers = options.kind === "interventional" || trees.forest.cover !== null ? "file" : "background";
  const forest =
    covers === "file"
      ? trees.forest
      : {
          ...trees.forest,
          cover: countCovers(
            trees.forest,
            trees.encode(inputColumns(role, options.background.table, options.background.rows)),
          ),
        };
  const loaded = await loadTreeShap(device, forest, {
    kind: options.kind,
    background,
    link: part.link,
    players: dense,
  }).finally(() => background?.free());
  const { of: output, sign, shift } = part;
  const inputs = role.inputs.length;
  return {
    base: shift + sign * (loaded.base[output] ?? 0),
    covers,
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
      const columns = inputColumns(role, table, rows);
      if (part.link === "identity") return sumsOf(device, trees, columns, part);
      const { outputs } = await model.predict(columns, { device });
      const main = outputs.find((one) => one.name === model.main.name);
      if (main === undefined || main.kind === "label") throw new AssayError("internal", "tree explainer: no numbers");
      const { values, width } = main;
      return Float64Array.from({ length: values.length / width }, (_, row) => {
        const value = values[row * width + part.column] ?? Number.NaN;
        return part.rest ? 1 - value : value;
      });
    },
    free: () => loaded.free(),
  };
}

/** The output that is explained, as a function of one sum of the trees. */
interface ExplainedOutput {
  readonly of: number;
  readonly sign: 1 | -1;
  readonly shift: number;
  readonly link: "identity" | "logistic";
  /** The column of the main output, and whether what is explained is what it leaves of 1. */
  readonly column: number;
  readonly rest: boolean;
}

function explainedPart(model: Model, role: ModelRole, output: ExplainerOptions["output"]): ExplainedOutput {
  const links = model.forest?.links ?? null;
  if (links === null) {
    throw new AssayError(
      "not-supported",
      `${model.file}: its outputs are made of several sums of its trees together, which have no exact values; export the trees as one output, such as a TreeEnsembleRegressor of the probability or the log-odds`,
    );
  }
  const { classes, output: gives } = describeModel(model);
  const place = classes !== null && classes.length > 0 ? positivePlace(role.positive, classes) : links.length - 1;
  const column = links.length === 1 ? 0 : place;
  const { of, sign, shift, link } = links[column] ?? { of: 0, sign: 1, shift: 0, link: "identity" };
  // One column of two classes speaks of the second: of the first it is what is left, or the score turned round.
  const turned = links.length === 1 && classes?.length === 2 && place === 0;
  const way = turned ? (sign === 1 ? -1 : 1) : sign;
  const isLogOdds = link === "logistic" && output === "log-odds";
  if (isLogOdds) return { of, sign: way, shift: 0, link: "identity", column, rest: false };
  if (link === "logistic") {
    // σ(−s) = 1 − σ(s): values change their sign.
    return { of, sign: way, shift: way === 1 ? 0 : 1, link, column, rest: turned };
  }
  const left = gives === "probabilities" ? 1 - shift : -shift;
  return { of, sign: way, shift: turned ? left : shift, link, column, rest: turned };
}

/** shift + sign × the sum, row by row, from the forest itself. */
async function sumsOf(
  device: Device,
  trees: ModelForest,
  columns: Parameters<ModelForest["encode"]>[0],
  { of, sign, shift }: ExplainedOutput,
): Promise<Float64Array> {
  const loaded = loadForest(device, trees.forest);
  const table = uploadTable(device, trees.encode(columns));
  try {
    const sums = await predictForest(loaded, table);
    const { outputs } = trees.forest;
    return Float64Array.from({ length: table.rows }, (_, row) => shift + sign * (sums[row * outputs + of] ?? 0));
  } finally {
    table.free();
    loaded.free();
  }
}

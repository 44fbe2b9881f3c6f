import {
  countCovers,
  type Device,
  explainRows,
  type Forest,
  loadCoalitions,
  loadForest,
  loadTreeShap,
  predictForest,
  uploadTable,
} from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import { forestOf, type Model, type SumOf } from "@assay/models";
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
 * @throws AssayError not-supported for what has no exact values: columns made of several inputs, outputs that are made of
 *   the trees' sums in no known way, probabilities path by path
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
  const target = explainedOutput(model, role, options.output);
  const forest = forestOf(trees.forest, target.sums);
  const players = Int32Array.from(trees.sources);
  const used = [...new Set(players)].sort((a, b) => a - b);
  // Players are numbered without gaps: an input that no column is made of has no part.
  const dense = Int32Array.from(players, (source) => used.indexOf(source));
  const encode = (table: CodedTable, rows: Uint32Array | null) => trees.encode(inputColumns(role, table, rows));
  const part: Part = { device, forest, players: dense, options, encode };
  const engine = await (target.link === "identity" || target.link === "logistic"
    ? oneSum(part, target.link)
    : severalSums(part, target.link, target.place));
  const inputs = role.inputs.length;
  // What is left of 1: values change their sign.
  const sign = target.rest ? -1 : 1;
  return {
    base: target.rest ? 1 - engine.base : engine.base,
    covers: engine.covers,
    async *explain(table, rows) {
      for await (const { firstRow, rows: count, values: given } of engine.explain(table, rows)) {
        const values = new Float64Array(count * inputs);
        for (let row = 0; row < count; row++) {
          for (const [player, input] of used.entries()) {
            values[row * inputs + input] = sign * (given[row * used.length + player] ?? 0);
          }
        }
        yield { firstRow, rows: count, values };
      }
    },
    async outputs(table, rows) {
      if (target.link === "identity") return sumsOf(device, forest, encode(table, rows));
      const { outputs } = await model.predict(inputColumns(role, table, rows), { device });
      const main = outputs.find((one) => one.name === model.main.name);
      if (main === undefined || main.kind === "label") throw new AssayError("internal", "tree explainer: no numbers");
      const { values, width } = main;
      return Float64Array.from({ length: values.length / width }, (_, row) => {
        const value = values[row * width + target.column] ?? Number.NaN;
        return target.turned ? 1 - value : value;
      });
    },
    free: () => engine.free(),
  };
}

/** The output that is explained, as a function of sums of the trees. */
interface ExplainedOutput {
  readonly link: "identity" | "logistic" | "logistic-share" | "softmax";
  readonly sums: readonly SumOf[];
  readonly place: number;
  /** Explained is what the function of the sums leaves of 1. */
  readonly rest: boolean;
  /** The column of the main output, and whether the output is what it leaves of 1. */
  readonly column: number;
  readonly turned: boolean;
}

function explainedOutput(model: Model, role: ModelRole, output: ExplainerOptions["output"]): ExplainedOutput {
  const links = model.forest?.links ?? null;
  if (links === null) {
    throw new AssayError(
      "not-supported",
      `${model.file}: its outputs are neither sums of its trees nor a logistic function or softmax of them, so that no exact values are known; export the trees as one output, such as a TreeEnsembleRegressor of the probability or the log-odds`,
    );
  }
  const { classes, output: gives } = describeModel(model);
  const wanted = classes !== null && classes.length > 0 ? positivePlace(role.positive, classes) : links.length - 1;
  const column = links.length === 1 ? 0 : wanted;
  const found = links[column];
  if (found === undefined) throw new AssayError("internal", `tree explainer: no output ${column}`);
  const { link, sums, place } = found;
  // One column of two classes speaks of the second: of the first it is what is left, or the score turned round.
  const turned = links.length === 1 && classes?.length === 2 && wanted === 0;
  const own = sums[place] ?? { terms: [], shift: 0 };
  const one = { place: 0, rest: false, column, turned };
  if (link === "identity") {
    const left = gives === "probabilities" ? 1 : 0;
    return { ...one, link, sums: [turned ? times(own, -1, left) : own] };
  }
  // σ(−s) = 1 − σ(s): the log-odds change their sign. Of several classes it is the class's own score, before the others come in.
  if (link === "logistic" || output === "log-odds") {
    const sum = turned ? times(own, -1, 0) : own;
    return { ...one, link: output === "log-odds" ? "identity" : "logistic", sums: [sum] };
  }
  return { link, sums, place, rest: turned, column, turned };
}

function times({ terms, shift }: SumOf, factor: number, plus: number): SumOf {
  return {
    terms: terms.map(({ of, weight }) => ({ of, weight: factor * weight })),
    shift: plus + factor * shift,
  };
}

interface Part {
  readonly device: Device;
  readonly forest: Forest;
  readonly players: Int32Array;
  readonly options: ExplainerOptions;
  readonly encode: (table: CodedTable, rows: Uint32Array | null) => readonly Float32Array[];
}

/** Values float64[rows × players], before they are given to the model's inputs. */
interface Engine extends Pick<TreeExplainer, "base" | "covers" | "free"> {
  explain(table: CodedTable, rows: Uint32Array | null): AsyncGenerator<ExplainedPart>;
}

/** By the kernel: one sum of the trees, or the logistic function of it. */
async function oneSum(part: Part, link: "identity" | "logistic"): Promise<Engine> {
  const { device, options, encode, players } = part;
  const upload = (table: CodedTable, rows: Uint32Array | null) => uploadTable(device, encode(table, rows));
  const behind = options.background;
  const isInterventional = options.kind === "interventional";
  const covers = isInterventional || part.forest.cover !== null ? "file" : "background";
  const forest =
    covers === "file"
      ? part.forest
      : { ...part.forest, cover: countCovers(part.forest, encode(behind.table, behind.rows)) };
  const background = isInterventional ? upload(behind.table, behind.rows) : null;
  const loaded = await loadTreeShap(device, forest, { kind: options.kind, background, link, players }).finally(() =>
    background?.free(),
  );
  return {
    base: loaded.base[0] ?? 0,
    covers,
    async *explain(table, rows) {
      const uploaded = upload(table, rows);
      try {
        yield* explainRows(loaded, uploaded);
      } finally {
        uploaded.free();
      }
    },
    free: () => loaded.free(),
  };
}

/** Rows whose sets of inputs are gone through before what comes between is looked at. */
const rowsAtOnce = 8;

/** By the definition: a function of several sums together, over all sets of inputs. */
async function severalSums(part: Part, kind: "logistic-share" | "softmax", place: number): Promise<Engine> {
  const { forest, players, options, encode } = part;
  if (options.kind === "path-dependent") {
    throw new AssayError("not-supported", "path-dependent values are of sums of trees; explain the raw score");
  }
  const { table: behind, rows: drawn } = options.background;
  const loaded = loadCoalitions(forest, { background: encode(behind, drawn), link: { kind, place }, players });
  return {
    base: loaded.base,
    covers: "file",
    async *explain(table, rows) {
      const columns = encode(table, rows);
      const count = rows?.length ?? table.rows;
      for (let from = 0; from < count; from += rowsAtOnce) {
        const to = Math.min(count, from + rowsAtOnce);
        yield { firstRow: from, rows: to - from, values: loaded.explain(columns, from, to) };
      }
    },
    free: () => {},
  };
}

/** The forest's only sum, row by row. */
async function sumsOf(device: Device, forest: Forest, columns: readonly Float32Array[]): Promise<Float64Array> {
  const loaded = loadForest(device, forest);
  const table = uploadTable(device, columns);
  try {
    return Float64Array.from(await predictForest(loaded, table));
  } finally {
    table.free();
    loaded.free();
  }
}

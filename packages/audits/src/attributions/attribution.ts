import type { LocalizedText } from "@assay/schema";

/** A step's sums over its rows, a number for each input; and the values themselves of the rows that are written out. */
export type AttributionBlock = {
  readonly rows: number;
  readonly magnitudes: Float64Array;
  readonly squares: Float64Array;
  readonly sums: Float64Array;
  /** float64[written rows × inputs], and the rows' outputs. */
  readonly values: Float64Array;
  readonly outputs: Float64Array;
};

/** Attributions of a model's outputs to its inputs: what each adds to a row's output, from a common base. */
export type Attributions = {
  readonly base: number;
  /** By the first row of the step. */
  readonly blocks: { readonly [start: string]: AttributionBlock };
  /** Of the rows that are drawn, input by input: how high their own value is, from 0 to 1; NaN where it has no order. */
  readonly heights: readonly Float64Array[];
  /** Decisions asked for, by their row. */
  readonly decisions: { readonly [row: string]: ExplainedDecision };
};

export type ExplainedDecision = {
  readonly values: Float64Array;
  readonly output: number;
  /** The row's own values: `age = 39`. */
  readonly texts: readonly { readonly en: string; readonly "zh-CN": string }[];
};

/** What figures and tables call things. */
export interface AttributionWords {
  /** Of the figure and of the table. */
  readonly figure: string;
  readonly table: string;
  /** One value: `Shapley value`. */
  readonly value: LocalizedText;
  /** The mean of its size: `Mean absolute Shapley value`. */
  readonly magnitude: LocalizedText;
  /** What is explained: `probability`. */
  readonly what: LocalizedText;
  /** Where a decision's steps begin: `mean of the background`. */
  readonly base: LocalizedText;
  /** The same in a sentence: `the mean probability of the background`. */
  readonly baseOutput: LocalizedText;
}

/** Rows drawn into figures: the first. */
export const drawnRows = 400;

export interface FeatureShare {
  readonly name: string;
  readonly place: number;
  /** Mean of |value|, and its standard error over rows. */
  readonly magnitude: number;
  readonly error: number;
  /** Mean of the value: which way it moves on the whole. */
  readonly mean: number;
}

/** In the order of their rows, so that sums have one order. */
export function blocksOf<Block>(blocks: { readonly [start: string]: Block }): readonly Block[] {
  return Object.entries(blocks)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, block]) => block);
}

/** Each feature's share of all rows. */
export function sharesOf(features: readonly string[], blocks: readonly AttributionBlock[]): readonly FeatureShare[] {
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  return features.map((name, place) => {
    const add = (of: "magnitudes" | "squares" | "sums"): number =>
      blocks.reduce((sum, block) => sum + (block[of][place] ?? 0), 0);
    const magnitude = rows > 0 ? add("magnitudes") / rows : 0;
    const spread = rows > 1 ? Math.max(0, add("squares") / rows - magnitude ** 2) * (rows / (rows - 1)) : 0;
    return {
      name,
      place,
      magnitude,
      error: Math.sqrt(spread / Math.max(1, rows)),
      mean: rows > 0 ? add("sums") / rows : 0,
    };
  });
}

/** Merges what steps measured, by their rows and in their order. */
export function mergeByRow<T>(
  a: { readonly [row: string]: T },
  b: { readonly [row: string]: T },
): { readonly [row: string]: T } {
  const entries = [...Object.entries(a), ...Object.entries(b)];
  return Object.fromEntries(entries.sort(([x], [y]) => Number(x) - Number(y)));
}

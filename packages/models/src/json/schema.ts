import { z } from "zod";

const numbers = z.array(z.number());
const names = z.array(z.union([z.string(), z.number()]).transform(String)).min(1);
const count = z.int().min(1).max(1_000_000);

/** The nodes of a tree side by side, as scikit-learn's `tree_` has them; a leaf has a feature below 0. */
const Tree = z.object({
  feature: numbers,
  threshold: numbers,
  left: numbers,
  right: numbers,
  value: numbers,
  cover: numbers.exactOptional(),
});
export type TreeJson = z.infer<typeof Tree>;

/** `aggregate: mean` of a forest's trees, or `sum`: base + learning_rate · Σ; then `link`. */
export const TreesJson = z.object({
  kind: z.enum(["forest", "gbt"]),
  aggregate: z.enum(["mean", "sum"]),
  base: z.number().default(0),
  learning_rate: z.number().default(1),
  link: z.enum(["identity", "logistic"]).default("identity"),
  n_features: count,
  features: names.exactOptional(),
  trees: z.array(Tree).min(1),
});
export type TreesJson = z.infer<typeof TreesJson>;

/** A multilayer perceptron as scikit-learn has it: `coefs` of inputs × outputs for each layer. */
export const MlpJson = z.object({
  kind: z.literal("mlp"),
  activation: z.enum(["identity", "logistic", "relu", "tanh"]),
  out: z.enum(["identity", "logistic", "softmax"]),
  coefs: z.array(z.array(numbers.min(1)).min(1)).min(1),
  intercepts: z.array(numbers.min(1)).min(1),
  classes: names.exactOptional(),
  features: names.exactOptional(),
  /** Inputs are standardised first: (x − mean) / scale. */
  scaler: z.object({ mean: numbers, scale: numbers }).exactOptional(),
});
export type MlpJson = z.infer<typeof MlpJson>;

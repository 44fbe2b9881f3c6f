import { AssayError } from "@assay/schema";
import type { Targets, TrainingWatch } from "../training-table.ts";

/** Names and defaults are those of scikit-learn's HistGradientBoosting where it has them. */
export interface BoostingOptions extends Targets, TrainingWatch {
  /** What each tree's values are multiplied by, above 0 and at most 1. Default 0.1. */
  readonly learningRate?: number;
  /** Trees of each class (one for two classes, or numbers). Default 100. */
  readonly maxIterations?: number;
  /** Leaves of a tree at most, from 2; null where only the depth is bounded. Default 31. */
  readonly maxLeafNodes?: number | null;
  /** Splits on the way to a leaf at most; null: any. Default null. */
  readonly maxDepth?: number | null;
  /** Rows of a leaf at least, whatever they weigh. Default 20. */
  readonly minSamplesLeaf?: number;
  /** Added to a leaf's sum of hessians. Default 0. */
  readonly l2Regularization?: number;
  /** Stops when the loss of held-out rows no longer sinks. Default false (scikit-learn: from 10,000 rows on). */
  readonly earlyStopping?: boolean;
  /** Share of each class's rows that are held out, with `earlyStopping`. Default 0.1. */
  readonly validationFraction?: number;
  /** Iterations in a row without a loss that is lower by more than `tol`. Default 10. */
  readonly nIterNoChange?: number;
  /** Default 1e-7. */
  readonly tol?: number;
  /** Share of the rows that each tree is grown on, drawn anew for each. Default 1. */
  readonly rowShare?: number;
  /** Share of the columns that each tree may split on, drawn anew for each. Default 1. */
  readonly columnShare?: number;
  /** Of all that is drawn: an integer from 0. Default 0. */
  readonly seed?: number;
}

export type Settings = Required<Omit<BoostingOptions, "labels" | "progress" | "signal" | "weights">>;

/** The options with their defaults. @throws AssayError usage for one that is out of range */
export function settingsOf(options: BoostingOptions): Settings {
  const settings: Settings = {
    learningRate: options.learningRate ?? 0.1,
    maxIterations: options.maxIterations ?? 100,
    maxLeafNodes: options.maxLeafNodes === undefined ? 31 : options.maxLeafNodes,
    maxDepth: options.maxDepth ?? null,
    minSamplesLeaf: options.minSamplesLeaf ?? 20,
    l2Regularization: options.l2Regularization ?? 0,
    earlyStopping: options.earlyStopping ?? false,
    validationFraction: options.validationFraction ?? 0.1,
    nIterNoChange: options.nIterNoChange ?? 10,
    tol: options.tol ?? 1e-7,
    rowShare: options.rowShare ?? 1,
    columnShare: options.columnShare ?? 1,
    seed: options.seed ?? 0,
  };
  const whole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  const { maxLeafNodes, maxDepth } = settings;
  const faults: Readonly<Record<string, boolean>> = {
    learningRate: !(settings.learningRate > 0 && settings.learningRate <= 1),
    maxIterations: !whole(settings.maxIterations, 1),
    maxLeafNodes: maxLeafNodes === null ? maxDepth === null || maxDepth > mostFreeDepth : !whole(maxLeafNodes, 2),
    maxDepth: maxDepth !== null && !whole(maxDepth, 1),
    minSamplesLeaf: !whole(settings.minSamplesLeaf, 1),
    l2Regularization: !(settings.l2Regularization >= 0 && settings.l2Regularization < Number.POSITIVE_INFINITY),
    validationFraction: !(settings.validationFraction > 0 && settings.validationFraction < 1),
    nIterNoChange: !whole(settings.nIterNoChange, 1),
    tol: !(settings.tol >= 0),
    rowShare: !(settings.rowShare > 0 && settings.rowShare <= 1),
    columnShare: !(settings.columnShare > 0 && settings.columnShare <= 1),
    seed: !whole(settings.seed, 0),
  };
  for (const [name, wrong] of Object.entries(faults)) {
    if (!wrong) continue;
    const value = settings[name as keyof Settings];
    const more =
      name === "maxLeafNodes" && value === null ? `, which needs a maxDepth of at most ${mostFreeDepth}` : "";
    throw new AssayError("usage", `boosted trees: ${name} is ${value}${more}`);
  }
  return settings;
}

/** Leaves double with each level: every leaf has a histogram of its own. */
const mostFreeDepth = 12;

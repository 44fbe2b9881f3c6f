import { type Device, shuffledIndexes } from "@assay/compute";
import { type CodedTable, coded } from "@assay/dataset";
import { AssayError, type ReportModel } from "@assay/schema";
import type { ModelOutputs } from "../../audit-model.ts";
import type { AuditContext, Shards, Step } from "../../define.ts";
import type { Roles } from "../../roles.ts";
import { throwIfAborted } from "../../run.ts";
import { shuffledFeatures } from "./features.ts";
import { addInfluence, importanceInfluence } from "./influence.ts";
import { type ImportanceScore, importanceScores, type Truth, unknownClass } from "./scores/index.ts";
import type { ImportanceInput } from "./settings.ts";

/** Predictions that a step asks for at most, so that it ends in about two seconds; more only where one feature needs them. */
const stepPredictions = 5_000_000;

export type FeatureSummary = {
  /** The score after each repeat's shuffle; null where it is not defined. */
  readonly repeats: readonly (number | null)[];
  /** Variance of the importance over rows and shuffles: of the mean, not of a row. */
  readonly variance: number;
};

export type ImportanceSummary = {
  readonly score: string;
  /** Rows with a label, and rows without. */
  readonly rows: number;
  readonly unlabelled: number;
  /** Null where the score is not defined on the rows. */
  readonly base: number | null;
  /** Variance of `base` over rows. */
  readonly baseVariance: number;
  readonly features: { readonly [name: string]: FeatureSummary };
};

/** `auto`: ROC AUC where there is a score, else accuracy. */
export function scoreOf(input: ImportanceInput, roles: Roles): ImportanceScore {
  const ranks = roles.label !== null && roles.model?.outputs.has("score");
  const name = input.score !== "auto" ? input.score : ranks ? "roc-auc" : "accuracy";
  const score = importanceScores.find((one) => one.name === name);
  if (!score) throw new AssayError("internal", `permutation importance: no score ${name}`);
  return score;
}

/**
 * One step for as many features as two seconds hold, of an endpoint one for each: what was asked is not asked again after a
 * crash. It does not depend on shards, so neither does any number.
 */
export function planImportance(
  shards: Shards,
  { input, roles, model }: AuditContext<ImportanceInput>,
): readonly { start: number; end: number; detail: { first: number; last: number } }[] {
  const features = shuffledFeatures(input, roles);
  const each = Math.max(1, shards.rows * input.repeats);
  const perStep = model?.runtime === "endpoint" ? 1 : Math.max(1, Math.floor(stepPredictions / each));
  return Array.from({ length: Math.ceil(features.length / perStep) }, (_, index) => ({
    start: 0,
    end: shards.rows,
    detail: { first: index * perStep, last: Math.min(features.length, (index + 1) * perStep) },
  }));
}

/** Predicts once as the data stand and once for every shuffle. The importance of a feature is what the score loses. */
export async function measureImportance(
  rows: CodedTable,
  step: Step,
  context: AuditContext<ImportanceInput>,
): Promise<ImportanceSummary> {
  const { input, roles, model, plan, signal } = context;
  if (model === null) throw new AssayError("internal", "permutation importance: no model");
  const { first, last } = step.detail as { first: number; last: number };
  const { truth, use } = truthOf(rows, roles, model.about);
  const score = scoreOf(input, roles);
  const sign = score.direction === "higher" ? 1 : -1;
  const bound = await model.bind(rows, use);
  try {
    const before = await bound.predict();
    need(before, score);
    const own = new Float64Array(truth.rows);
    const base = score.evaluate(truth, before, own, 1);
    const features = new Map<string, FeatureSummary>();
    for (const [place, feature] of shuffledFeatures(input, roles).entries()) {
      // Without rows there is nothing to shuffle.
      if (place < first || place >= last || truth.rows === 0) continue;
      throwIfAborted(signal);
      const indexes = new Uint32Array(input.repeats * truth.rows);
      for (let repeat = 0; repeat < input.repeats; repeat++) {
        const part = indexes.subarray(repeat * truth.rows, (repeat + 1) * truth.rows);
        await shuffle(context.device.host, part, plan.seed, place * 1024 + repeat);
      }
      const repeats: (number | null)[] = [];
      const [asTarget, asDonor, shuffled] = [0, 0, 0].map(() => new Float64Array(truth.rows)) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      for await (const outputs of bound.predictPermuted(feature.inputs, indexes)) {
        throwIfAborted(signal);
        const donors = indexes.subarray(repeats.length * truth.rows, (repeats.length + 1) * truth.rows);
        shuffled.fill(0);
        repeats.push(defined(score.evaluate(truth, outputs, shuffled, sign / input.repeats)));
        addInfluence(shuffled, donors, asTarget, asDonor);
      }
      const influence = importanceInfluence({ own, sign, asTarget, asDonor, indexes, repeats: input.repeats });
      features.set(feature.name, { repeats, variance: varianceOfMean(influence) });
    }
    return {
      score: score.name,
      rows: truth.rows,
      unlabelled: rows.rows - truth.rows,
      base: defined(base),
      baseVariance: varianceOfMean(own),
      features: Object.fromEntries(features),
    };
  } finally {
    bound.free();
  }
}

export function mergeImportance(a: ImportanceSummary, b: ImportanceSummary): ImportanceSummary {
  return {
    ...a,
    features: Object.fromEntries(
      [...Object.entries(a.features), ...Object.entries(b.features)].sort(([x], [y]) => (x < y ? -1 : 1)),
    ),
  };
}

/** A summary holds no NaN. */
function defined(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function need(outputs: ModelOutputs, score: ImportanceScore): void {
  const given = score.needs === "decision" ? (outputs.decision ?? outputs.predicted) : outputs[score.needs];
  if (given === null) {
    throw new AssayError(
      "not-supported",
      `score: ${score.name} needs a ${score.needs}, which the model does not give; choose another score`,
    );
  }
}

async function shuffle(device: Device, into: Uint32Array, seed: number, stream: number): Promise<void> {
  const buffer = await shuffledIndexes(device, { rows: into.length, seed, stream });
  try {
    await device.download(buffer, into);
  } finally {
    buffer.free();
  }
}

/** Variance of the mean of influences whose mean is 0 to first order. */
function varianceOfMean(influence: Float64Array): number {
  const n = influence.length;
  if (n < 2) return 0;
  let sum = 0;
  for (const value of influence) sum += value;
  const mean = sum / n;
  let squares = 0;
  for (const value of influence) squares += (value - mean) ** 2;
  return squares / (n - 1) / n;
}

/** The rows with a label, and the label in the forms that scores read. */
function truthOf(
  rows: CodedTable,
  roles: Roles,
  about: ReportModel,
): { readonly truth: Truth; readonly use: Uint32Array | null } {
  const label = roles.label ?? roles.labelText;
  if (label === null) throw new AssayError("internal", "permutation importance: no label");
  const { codes } = coded(rows, label);
  const kept: number[] = [];
  for (let row = 0; row < rows.rows; row++) if (codes[row] !== 0) kept.push(row);
  const use = kept.length === rows.rows ? null : Uint32Array.from(kept);
  const at = (row: number): number => (use === null ? row : (use[row] ?? 0));
  const length = kept.length;
  const positive = roles.label === null ? null : new Uint8Array(length);
  if (positive !== null) for (let row = 0; row < length; row++) positive[row] = codes[at(row)] === 2 ? 1 : 0;
  let classes: Uint32Array | null = null;
  if (about.classes !== null && roles.labelText !== null && roles.label === null) {
    const { codes: texts, levels } = coded(rows, roles.labelText);
    const places = levels.map((level) => placeOf(level, about.classes ?? []));
    if (levels.length > 0 && places.every((place) => place === unknownClass)) {
      throw new AssayError(
        "data-invalid",
        `column "${roles.labelText.column}" holds ${someOf(levels)}, none of them a class of the model, whose classes are ${someOf(about.classes)}; give the label as the model names it`,
      );
    }
    classes = new Uint32Array(length);
    for (let row = 0; row < length; row++) classes[row] = places[(texts[at(row)] ?? 0) - 1] ?? unknownClass;
  }
  return { truth: { rows: length, positive, classes }, use };
}

/** The place of a label among the model's classes: by text, then by number (`1` is `1.0`). */
function placeOf(level: string, classes: readonly string[]): number {
  const exact = classes.indexOf(level);
  if (exact !== -1) return exact;
  const value = Number(level);
  const equal = classes.findIndex((name) => name.trim() !== "" && level.trim() !== "" && Number(name) === value);
  return equal === -1 ? unknownClass : equal;
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`);
  return `${shown.join(", ")}${names.length > 5 ? ", …" : ""}`;
}

import { csvText, type Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { criticalValue, holm, normalCdf } from "../../statistics/index.ts";
import { shuffledFeatures } from "./features.ts";
import { importanceFigure } from "./figures.ts";
import { reasons } from "./reasons.ts";
import type { ImportanceScore } from "./scores/index.ts";
import type { ImportanceInput } from "./settings.ts";
import { type FeatureSummary, type ImportanceSummary, scoreOf } from "./summary.ts";
import { importanceTable } from "./tables.ts";

const method = "influence of rows and shuffles";

export async function concludeImportance(
  summary: ImportanceSummary,
  context: AuditContext<ImportanceInput>,
): Promise<Conclusion> {
  const { input, roles } = context;
  const score = scoreOf(input, roles);
  const features = shuffledFeatures(input, roles);
  const importances = features.map(({ name }) => importanceOf(name, summary, score, input));
  // Adjusted together: each is a claim that a feature matters.
  const tested = importances.filter((measure) => measure.p !== undefined);
  const adjusted = holm(tested.map((measure) => measure.p ?? 1));
  const measures: Measure[] = [
    { metric: "count", value: summary.rows },
    { metric: "missing-count", value: summary.unlabelled },
    baseMeasure(summary, score, input),
    ...importances.map((measure) => {
      const place = tested.indexOf(measure);
      return place === -1 ? measure : { ...measure, p_adjusted: adjusted[place] ?? 1 };
    }),
  ];
  const figure = importanceFigure(measures, score, input);
  return {
    measures,
    figures: figure === null ? [] : [figure],
    tables: [importanceTable(measures, summary, score, input)],
    artifacts: { "permutation-importance.csv": repeatsCsv(features, summary, score) },
  };
}

function baseMeasure(summary: ImportanceSummary, score: ImportanceScore, input: ImportanceInput): Measure {
  const key = { metric: "baseline-score", reference: score.name, n: summary.rows };
  if (summary.base === null) return { ...key, value: null, reason: reasons.noBase.en };
  const half = criticalValue(input.confidence) * Math.sqrt(summary.baseVariance);
  return {
    ...key,
    value: summary.base,
    low: summary.base - half,
    high: summary.base + half,
    confidence: input.confidence,
    method: "influence of rows",
  };
}

function importanceOf(
  feature: string,
  summary: ImportanceSummary,
  score: ImportanceScore,
  { confidence }: ImportanceInput,
): Measure {
  const key = { metric: "permutation-importance", feature, n: summary.rows, reference: score.name };
  const found = featureOf(summary, feature);
  const value = found === null ? null : meanImportance(found, summary.base, score);
  if (found === null || value === null) return { ...key, value: null, reason: reasons.noBase.en };
  const error = Math.sqrt(found.variance);
  const half = criticalValue(confidence) * error;
  return {
    ...key,
    value,
    low: value - half,
    high: value + half,
    confidence,
    // One-sided: that the score loses by the shuffle. Without any spread there is nothing to test.
    p: error > 0 ? 1 - normalCdf(value / error) : value > 0 ? 0 : 1,
    method,
  };
}

function featureOf(summary: ImportanceSummary, name: string): FeatureSummary | null {
  return Object.hasOwn(summary.features, name) ? (summary.features[name] ?? null) : null;
}

/**
 * How much the score loses, mean over the repeats; of a loss, how much it grows. Null where a score is not defined. The
 * mean is of the losses, not of the scores: of a feature that changes nothing it is 0 and no rounding of a sum.
 */
export function meanImportance(
  { repeats }: FeatureSummary,
  base: number | null,
  score: ImportanceScore,
): number | null {
  let sum = 0;
  for (const value of repeats) {
    if (value === null || base === null) return null;
    sum += lossOf(value, base, score);
  }
  return sum / repeats.length;
}

function lossOf(value: number, base: number, { direction }: ImportanceScore): number {
  return direction === "higher" ? base - value : value - base;
}

function repeatsCsv(
  features: readonly { readonly name: string }[],
  summary: ImportanceSummary,
  score: ImportanceScore,
): string {
  const { base } = summary;
  const lines = features.flatMap(({ name }) =>
    (featureOf(summary, name)?.repeats ?? []).map((value, repeat) => {
      const importance = value === null || base === null ? "" : lossOf(value, base, score);
      return `${csvText(name)},${repeat + 1},${value ?? ""},${importance}\n`;
    }),
  );
  return `feature,repeat,${score.name},importance\n${lines.join("")}`;
}

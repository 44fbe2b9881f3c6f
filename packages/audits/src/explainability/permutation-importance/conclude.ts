import type { Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { criticalValue, holm, normalCdf } from "../../statistics/index.ts";
import { csvText } from "../../wording/index.ts";
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
  if (!Number.isFinite(summary.base)) return { ...key, value: null, reason: reasons.noBase.en };
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
  const found: FeatureSummary | undefined = summary.features[feature];
  if (!found || !Number.isFinite(summary.base) || found.repeats.some((value) => !Number.isFinite(value))) {
    return { ...key, value: null, reason: reasons.noBase.en };
  }
  const value = meanImportance(found, summary.base, score);
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

/** How much the score loses, mean over the repeats; of a loss, how much it grows. */
export function meanImportance(feature: FeatureSummary, base: number, score: ImportanceScore): number {
  const mean = feature.repeats.reduce((sum, value) => sum + value, 0) / feature.repeats.length;
  return score.direction === "higher" ? base - mean : mean - base;
}

function repeatsCsv(
  features: readonly { readonly name: string }[],
  summary: ImportanceSummary,
  score: ImportanceScore,
): string {
  const lines = features.flatMap(({ name }) =>
    (summary.features[name]?.repeats ?? []).map((value, repeat) => {
      const importance = score.direction === "higher" ? summary.base - value : value - summary.base;
      return `${csvText(name)},${repeat + 1},${value},${importance}`;
    }),
  );
  return `feature,repeat,${score.name},importance\n${lines.join("\n")}\n`;
}

import type { LocalizedText, Measure } from "@assay/schema";
import { type AttributionWords, blocksOf, sharesOf } from "../../attributions/attribution.ts";
import { attributionFigures, decisionFigures } from "../../attributions/figures.ts";
import { attributionTable } from "../../attributions/table.ts";
import { valuesCsv } from "../../attributions/values-csv.ts";
import type { AuditContext, Conclusion } from "../../define.ts";
import { criticalValue } from "../../statistics/index.ts";
import { explained } from "./explained.ts";
import type { ShapleyInput } from "./settings.ts";
import type { ShapleySummary } from "./summary.ts";

export async function concludeShapley(
  summary: ShapleySummary,
  context: AuditContext<ShapleyInput>,
): Promise<Conclusion> {
  const { input, roles } = context;
  const blocks = blocksOf(summary.blocks);
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const features = roles.model?.features ?? [];
  const shares = sharesOf(features, blocks);
  const z = criticalValue(input.confidence);
  const covers = summary.covers === "background" ? " with covers of the background" : "";
  const what = explained(input, roles);
  const method = `mean over rows, ${input.kind}${covers}, ${what.method}`;
  const measures: Measure[] = [
    { metric: "count", value: rows },
    { metric: "background-count", value: summary.background },
    { metric: "shapley-base", value: summary.base, method },
    { metric: "additivity-error", value: blocks.reduce((most, block) => Math.max(most, block.error), 0) },
    ...shares.map(
      (share): Measure =>
        rows < 2
          ? { metric: "shapley-value", feature: share.name, value: share.magnitude, n: rows, method }
          : {
              metric: "shapley-value",
              feature: share.name,
              value: share.magnitude,
              low: Math.max(0, share.magnitude - z * share.error),
              high: share.magnitude + z * share.error,
              confidence: input.confidence,
              n: rows,
              method,
            },
    ),
  ];
  const words = shapleyWords(what.text);
  return {
    measures,
    figures: [...attributionFigures(shares, summary, words, input.confidence), ...decisionFigures(summary, words)],
    tables: [attributionTable(shares, rows, words, input.confidence)],
    artifacts: input.rows > 0 ? { "shapley-values.csv": valuesCsv(summary, features, input.rows) } : {},
  };
}

export function shapleyWords(what: LocalizedText): AttributionWords {
  return {
    figure: "shapley",
    table: "shapley",
    value: { en: "Shapley value", "zh-CN": "Shapley 值" },
    magnitude: { en: "Mean absolute Shapley value", "zh-CN": "Shapley 绝对值均值" },
    what,
    base: { en: "mean of the background", "zh-CN": "背景均值" },
    baseOutput: { en: `the mean ${what.en} of the background`, "zh-CN": `背景的平均${what["zh-CN"]}` },
  };
}

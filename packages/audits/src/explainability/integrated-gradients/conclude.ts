import type { LocalizedText, Measure } from "@assay/schema";
import { type AttributionWords, blocksOf, sharesOf } from "../../attributions/attribution.ts";
import { attributionFigures, decisionFigures } from "../../attributions/figures.ts";
import { attributionTable } from "../../attributions/table.ts";
import { valuesCsv } from "../../attributions/values-csv.ts";
import type { AuditContext, Conclusion } from "../../define.ts";
import type { Roles } from "../../roles.ts";
import { criticalValue } from "../../statistics/index.ts";
import { reasons } from "./reasons.ts";
import type { IntegratedGradientsInput } from "./settings.ts";
import type { IntegratedGradientsSummary } from "./summary.ts";

export async function concludeIntegratedGradients(
  summary: IntegratedGradientsSummary,
  { input, roles }: AuditContext<IntegratedGradientsInput>,
): Promise<Conclusion> {
  const blocks = blocksOf(summary.blocks);
  const add = (of: "all" | "beyond" | "rows"): number => blocks.reduce((sum, block) => sum + block[of], 0);
  const rows = add("rows");
  const features = roles.model?.features ?? [];
  const shares = sharesOf(features, blocks);
  const points = blocks.reduce((most, block) => Math.max(most, block.points), 0);
  const method = `from the ${input.baseline} of the inputs, Gauss-Legendre, at most ${points} points`;
  const z = criticalValue(input.confidence);
  const measures: Measure[] = [
    { metric: "count", value: rows },
    { metric: "excluded-count", value: add("all") - rows },
    { metric: "integrated-gradients-base", value: summary.base, method },
    rows === 0
      ? { metric: "completeness-error", value: null, reason: reasons.noRows.en }
      : {
          metric: "completeness-error",
          value: blocks.reduce((most, block) => Math.max(most, block.gap), 0),
          n: rows,
          method: "largest over rows",
        },
    { metric: "incomplete-count", value: add("beyond"), n: rows },
    ...shares.map(({ name, magnitude, error }): Measure => {
      const about = { metric: "integrated-gradients", feature: name, n: rows, method };
      if (rows === 0) return { ...about, value: null, reason: reasons.noRows.en };
      if (rows === 1) return { ...about, value: magnitude };
      return {
        ...about,
        value: magnitude,
        low: Math.max(0, magnitude - z * error),
        high: magnitude + z * error,
        confidence: input.confidence,
      };
    }),
  ];
  const words = integratedGradientsWords(input, roles);
  return {
    measures,
    figures:
      rows === 0
        ? []
        : [...attributionFigures(shares, summary, words, input.confidence), ...decisionFigures(summary, words)],
    tables: rows === 0 ? [] : [attributionTable(shares, rows, words, input.confidence)],
    artifacts: input.rows > 0 ? { "integrated-gradients.csv": valuesCsv(summary, features, input.rows) } : {},
  };
}

export function integratedGradientsWords(
  { baseline }: Pick<IntegratedGradientsInput, "baseline">,
  { model }: Pick<Roles, "model">,
): AttributionWords {
  const what = whatOf(model);
  const base: LocalizedText =
    baseline === "mean"
      ? { en: "all inputs at their means", "zh-CN": "各输入取均值" }
      : { en: "all inputs at zero", "zh-CN": "各输入取零" };
  return {
    figure: "integrated-gradients",
    table: "features",
    value: { en: "Integrated gradient", "zh-CN": "积分梯度" },
    magnitude: { en: "Mean absolute integrated gradient", "zh-CN": "积分梯度绝对值均值" },
    what,
    base,
    baseOutput: {
      en: `the ${what.en} with ${base.en}`,
      "zh-CN": `${base["zh-CN"]}时的${what["zh-CN"]}`,
    },
  };
}

function whatOf(model: Roles["model"]): LocalizedText {
  if (model?.about.output !== "probabilities") return { en: "model output", "zh-CN": "模型输出" };
  const { positive } = model;
  return positive === null
    ? { en: "probability", "zh-CN": "概率" }
    : { en: `probability of ${positive}`, "zh-CN": `${positive} 的概率` };
}

import type { Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { criticalValue } from "../../statistics/index.ts";
import { explained } from "./explained.ts";
import { decisionFigures, shapleyFigures } from "./figures.ts";
import type { ShapleyInput } from "./settings.ts";
import type { ShapleyBlock, ShapleySummary } from "./summary.ts";
import { shapleyTable } from "./tables.ts";
import { valuesCsv } from "./values-csv.ts";

export interface FeatureShare {
  readonly name: string;
  readonly place: number;
  /** Mean of |value|, and its standard error over rows. */
  readonly magnitude: number;
  readonly error: number;
  /** Mean of the value: which way it moves on the whole. */
  readonly mean: number;
}

export async function concludeShapley(
  summary: ShapleySummary,
  context: AuditContext<ShapleyInput>,
): Promise<Conclusion> {
  const { input, roles } = context;
  const blocks = blocksOf(summary);
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const shares = (roles.model?.features ?? []).map((name, place) => shareOf(name, place, blocks, rows));
  const z = criticalValue(input.confidence);
  const covers = summary.covers === "background" ? " with covers of the background" : "";
  const method = `mean over rows, ${input.kind}${covers}, ${explained(input, roles).method}`;
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
  return {
    measures,
    figures: [...shapleyFigures(shares, summary, context), ...decisionFigures(summary, context)],
    tables: [shapleyTable(shares, rows, input)],
    artifacts: input.rows > 0 ? { "shapley-values.csv": valuesCsv(summary, blocks, context) } : {},
  };
}

/** In the order of their rows, so that sums have one order. */
export function blocksOf(summary: ShapleySummary): readonly ShapleyBlock[] {
  return Object.entries(summary.blocks)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, block]) => block);
}

function shareOf(name: string, place: number, blocks: readonly ShapleyBlock[], rows: number): FeatureShare {
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
}

import type { Figure, Measure } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { figureId, Reading, slugsOf } from "../../../groups/reading.ts";
import { significantText } from "../../../wording/index.ts";
import { heatmapFigure, intervalsFigure } from "../group-figures.ts";
import type { Input } from "../settings.ts";
import { strataFigures } from "../strata-figures.ts";
import { stratifiedMeans, valuesFor } from "./given.ts";

/** Metrics with figures of their own, in the order in which they are read. */
export const drawn = [
  "mean-residual",
  "mean-prediction",
  "mean-absolute-error",
  "root-mean-squared-error",
  "r2",
] as const;

/** Of two crossed columns, a map too. */
const mapped: readonly string[] = ["mean-residual", "mean-absolute-error"];

export function valueFigures(measures: readonly Measure[], context: AuditContext<Input>): Figure[] {
  const reading = new Reading(measures);
  const { roles, input } = context;
  const slugs = slugsOf(roles);
  const metrics = drawn.flatMap((name) => valuesFor(roles).filter((metric) => metric.name === name));
  const figures = roles.groupings.flatMap((by) =>
    metrics.flatMap((metric): Figure[] => {
      const id = figureId(metric.name, by, slugs);
      const dots = intervalsFigure(metric, by, reading, input, id, "number", (value) => significantText(value));
      const isCrossed = by.length === 2 && mapped.includes(metric.name);
      return isCrossed ? [dots, heatmapFigure(metric, by, reading, input, `${id}-map`, "number")] : [dots];
    }),
  );
  return [...figures, ...strataFigures(reading, stratifiedMeans(roles), context)];
}

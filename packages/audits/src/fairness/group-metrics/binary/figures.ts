import type { Figure, Measure } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { requiredMetric } from "../../../groups/group-measures.ts";
import { figureId, Reading, slugsOf, told } from "../../../groups/reading.ts";
import { heatmapFigure, intervalsFigure } from "../group-figures.ts";
import type { Input } from "../settings.ts";
import { strataFigures } from "../strata-figures.ts";
import { metricsFor, scoresFor, stratifiedRates } from "./given.ts";
import { scoreClaims } from "./score-claims.ts";

export function figuresOf(measures: readonly Measure[], context: AuditContext<Input>): Figure[] {
  const reading = new Reading(measures);
  const names = new Set(metricsFor(context.roles).map((metric) => metric.name));
  const slugs = slugsOf(context.roles);
  const figures: Figure[] = [];
  for (const by of context.roles.groupings) {
    for (const name of told) {
      if (!names.has(name)) continue;
      const metric = requiredMetric(name);
      figures.push(intervalsFigure(metric, by, reading, context.input, figureId(name, by, slugs)));
      if (by.length === 2 && (name === "selection-rate" || name.startsWith("false-"))) {
        figures.push(heatmapFigure(metric, by, reading, context.input, `${figureId(name, by, slugs)}-map`));
      }
    }
    for (const metric of scoresFor(context.roles)) {
      if (!scoreClaims.some((claim) => claim.metric === metric.name)) continue;
      const unit = metric.name === "roc-auc" ? "number" : "percent";
      const figure = intervalsFigure(metric, by, reading, context.input, figureId(metric.name, by, slugs), unit);
      if (figure.rows.some((row) => row.value !== null)) figures.push(figure);
    }
  }
  return [...figures, ...strataFigures(reading, stratifiedRates(context.roles), context)];
}

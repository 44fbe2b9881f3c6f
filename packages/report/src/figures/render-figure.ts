import type { Figure } from "@assay/schema";
import { renderCurves } from "./curves.ts";
import type { FigureOptions } from "./draw.ts";
import { renderHeatmap } from "./heatmap.ts";
import { renderHistogram } from "./histogram.ts";
import { renderIntervals } from "./intervals.ts";
import { renderSwarm } from "./swarm.ts";
import { renderTree } from "./tree.ts";
import { renderWaterfall } from "./waterfall.ts";

/**
 * A figure as one SVG, the same for page, HTML and PDF. Colours are CSS variables with fallbacks (see palette.ts), so
 * that a page's theme turns it; equal input gives equal text.
 */
export function renderFigure(figure: Figure, options: FigureOptions): string {
  switch (figure.kind) {
    case "curves":
      return renderCurves(figure, options);
    case "heatmap":
      return renderHeatmap(figure, options);
    case "histogram":
      return renderHistogram(figure, options);
    case "intervals":
      return renderIntervals(figure, options);
    case "swarm":
      return renderSwarm(figure, options);
    case "tree":
      return renderTree(figure, options);
    case "waterfall":
      return renderWaterfall(figure, options);
  }
}

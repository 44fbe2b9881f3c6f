export { answer } from "./answer.ts";
export { displayText, escapeHtml, tieNumbers } from "./display-text.ts";
export { figureTable } from "./figures/figure-table.ts";
export { renderFigure } from "./figures/render-figure.ts";
export { claimSentence, type FindingParts, findingParts, type PlacedFinding, sortedFindings } from "./findings.ts";
export {
  decimalsFor,
  type Estimate,
  type FormatOptions,
  formatInterval,
  formatNumber,
  formatP,
  formatPEquation,
  type NumberFormat,
  notKnown,
  unitOf,
  unitWord,
} from "./format.ts";
export { type PillarVerdict, pillarVerdicts } from "./pillar-verdicts.ts";
export { readReport } from "./read-report.ts";
export { type ColumnLayout, cellText, headText, renderTable, tableLayout } from "./render-table.ts";
export { type Renderer, type RendererId, renderers } from "./renderers/index.ts";
export { sealReport } from "./seal-report.ts";
export { type Verification, verifyReport } from "./verify-report.ts";
export { metricBy, metricName } from "./words/metrics.ts";

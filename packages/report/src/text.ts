/** Everything of reports but figures and the pages that draw them, which load Plot and a DOM: `@assay/report/text`. */
export { answer } from "./answer.ts";
export { deviceText } from "./device-text.ts";
export { displayText, escapeHtml, tieNumbers } from "./display-text.ts";
export { figureTable } from "./figures/figure-table.ts";
export {
  claimSentence,
  countFindings,
  type FindingParts,
  findingParts,
  type PlacedFinding,
  sortedFindings,
} from "./findings.ts";
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
export {
  type ClauseEvidence,
  clauseEvidence,
  evidenceText,
  lawChecked,
  lawDates,
  lawFacts,
  lawStatusText,
  lawWords,
} from "./laws.ts";
export { type PillarVerdict, pillarVerdicts } from "./pillar-verdicts.ts";
export { readReport } from "./read-report.ts";
export { type ColumnLayout, cellText, headText, renderTable, tableLayout } from "./render-table.ts";
export { json } from "./renderers/json.ts";
export { hasSummary } from "./renderers/ll144/categories.ts";
export { ledeOf } from "./renderers/report-lines.ts";
export { sealReport } from "./seal-report.ts";
export { type Verification, verifyReport } from "./verify-report.ts";
export { metricBy, metricName } from "./words/metrics.ts";
export { reasonText } from "./words/reasons.ts";

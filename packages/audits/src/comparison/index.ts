export { compareReports } from "./compare-reports.ts";
export {
  type ComparedSides,
  type CompareOptions,
  compareRuns,
  comparisonVersion,
  type PairedComparison,
} from "./compare-runs.ts";
export { type MetricSense, metricSense } from "./metric-sense.ts";
export { type ComparedRun, type PairSubject, whyUnpaired } from "./pair-rows.ts";
export { type ComparedSource, readComparedRun } from "./read-compared-run.ts";
export { forComparison } from "./requests.ts";

export { compareReports, measureKey } from "./compare-reports.ts";
export { type ComparedSides, type CompareOptions, compareRuns, type PairedComparison } from "./compare-runs.ts";
export { type MetricSense, metricSense } from "./metric-sense.ts";
export type { ComparedRun } from "./pair-rows.ts";
export { forComparison } from "./requests.ts";

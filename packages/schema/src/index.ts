export * from "./beside-name.ts";
export * from "./clause.ts";
export * from "./compared-numbers.ts";
export * from "./comparison.ts";
export { csvText } from "./csv-text.ts";
export * from "./digest.ts";
export * from "./endpoint.ts";
export {
  type FilledHeaders,
  fillHeaders,
  headerVariables,
  redact,
} from "./endpoint-headers.ts";
export * from "./error.ts";
export * from "./feedback/index.ts";
export * from "./figure.ts";
export * from "./gate-verdict.ts";
export * from "./ids.ts";
export { issueText } from "./issue-text.ts";
export * from "./measure-key.ts";
export * from "./names.ts";
export * from "./nearest-name.ts";
export * from "./plan.ts";
export { planError } from "./plan-error.ts";
export * from "./plan-files.ts";
export { withPlanLines } from "./plan-lines.ts";
export * from "./read-plan.ts";
export * from "./report.ts";
export * from "./summary.ts";
export * from "./whole-signs.ts";
export * from "./write-plan.ts";

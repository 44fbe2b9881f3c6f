export type { AuditModel, BoundModel, ModelOutputs } from "./audit-model.ts";
export { type BindOptions, bindAuditModel, type DisposableAuditModel } from "./bind-model.ts";
export { checkData } from "./check-data.ts";
export {
  type ComparedRun,
  type ComparedSides,
  type ComparedSource,
  type CompareOptions,
  compareReports,
  compareRuns,
  comparisonVersion,
  forComparison,
  type MetricSense,
  metricSense,
  type PairedComparison,
  type PairSubject,
  readComparedRun,
  whyUnpaired,
} from "./comparison/index.ts";
export * from "./define.ts";
export { describeModel } from "./describe-model.ts";
export { describeEndpoint, type EndpointLoad, endpointLoads } from "./endpoint-model.ts";
export { byModel } from "./executors/by-model.ts";
export { inProcess } from "./executors/in-process.ts";
export {
  type Constraint,
  constraints,
  type Method,
  type MethodChoice,
  type MitigationChoices,
  type MitigationInput,
  mitigationChoices,
  mitigationId,
  mitigationInput,
  mitigationPlan,
} from "./fairness/mitigation/index.ts";
export { frameworks } from "./frameworks/index.ts";
export { gpuWins } from "./gpu-wins.ts";
export { guessPlan } from "./guess.ts";
export type { KnownModel, ModelInput, ModelRole } from "./model-roles.ts";
export * from "./prepare.ts";
export { registry } from "./registry.ts";
export { asksForValues, bindRoles, type GroupRole, type KnownColumn, type Roles } from "./roles.ts";
export * from "./run.ts";
export { type ScoreOptions, scoreTable } from "./score-table.ts";
export { cutShards } from "./shards.ts";
export { type Suppressed, suppressSmallCells, type WithheldCounts } from "./suppression/index.ts";

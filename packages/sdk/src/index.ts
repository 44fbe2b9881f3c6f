export {
  AssayError,
  type Comparison,
  type ErrorCode,
  type Plan,
  type PlanInput,
  type Problem,
  type Report,
} from "@assay/schema";
export { Assay, type AssayOptions, type Projects } from "./client/assay.ts";
export type {
  ComparisonDetail,
  ComparisonEvent,
  ComparisonRow,
  CreateComparison,
  PairedOptions,
  ProjectComparisons,
  RowComparison,
} from "./client/comparisons.ts";
export type {
  FeedbackChange,
  FeedbackCounts,
  FeedbackDetail,
  FeedbackFilter,
  FeedbackFormRow,
  FeedbackRow,
  ProjectFeedback,
} from "./client/feedback.ts";
export type { CreateMitigation, MitigationOptions, ProjectMitigations } from "./client/mitigations.ts";
export type { ModelCard, ModelDetail, ModelRow, ModelVersion, ProjectModels, PushModel } from "./client/models.ts";
export type { CreateRun, DatasetRow, Project, ProjectRow } from "./client/project.ts";
export type { Run, RunDetail, RunEvent, RunRow } from "./client/run.ts";
export type {
  CreateSchedule,
  ProjectSchedules,
  ScheduleChange,
  ScheduleDetail,
  ScheduleHistory,
  SchedulePreview,
  ScheduleRow,
} from "./client/schedules.ts";
export { audit } from "./local/audit.ts";
export type { LocalOptions, LocalProgress } from "./local/run-locally.ts";

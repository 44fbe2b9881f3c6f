export type { SqlExecutor } from "./client.ts";
export {
  type ComparedRunRow,
  type ComparisonDetail,
  type ComparisonQuery,
  type ComparisonRow,
  type ComparisonSettings,
  type ComparisonStage,
  type ComparisonStore,
  comparisonStages,
  type NewComparison,
} from "./comparison.ts";
export type { ComparisonSide, ComparisonWork, ComparisonWorkStore } from "./comparison-work.ts";
export { connect, type Database, type Stores } from "./connect.ts";
export type { DatasetDetail, DatasetRow, DatasetStore, NewDataset, ProfileRow, Reading } from "./dataset.ts";
export type { FeedbackChange, FeedbackDetail, FeedbackRow, FeedbackStore, NewFeedback } from "./feedback.ts";
export { type FeedbackEventKind, type FeedbackEventRow, feedbackEventKinds } from "./feedback-event.ts";
export type { FeedbackFormRow, FeedbackFormStore } from "./feedback-form.ts";
export type { FeedbackQuery } from "./feedback-query.ts";
export { type Listener, listenToRuns } from "./listen.ts";
export { type Migration, migrate, readMigrations } from "./migrate.ts";
export type {
  ModelCard,
  ModelCardChange,
  ModelContents,
  ModelDetail,
  ModelFileRow,
  ModelRow,
  ModelStore,
  ModelVersionRow,
  NewModelVersion,
} from "./model.ts";
export type { OrganizationRow, OrganizationStore } from "./organization.ts";
export { type ProjectRow, type ProjectStore, slugOf } from "./project.ts";
export type { ReportStore } from "./report.ts";
export {
  type FindingCounts,
  type NewRun,
  type PushedRun,
  type RunDetail,
  type RunQuery,
  type RunRow,
  type RunSort,
  type RunStage,
  type RunStatus,
  type RunStore,
  type RunVerdict,
  runSorts,
} from "./run.ts";
export {
  type ScheduleDetail,
  type ScheduledRun,
  type ScheduleOutcome,
  type ScheduleRow,
  type ScheduleSettings,
  type ScheduleStore,
  type ScheduleTick,
  type ScheduleTickRow,
  scheduleOutcomes,
} from "./schedule.ts";
export type { DueSchedule, EndedTick, ScheduleWorkStore } from "./schedule-work.ts";
export type { StepIdentity, StepLogRow, StepStore } from "./step.ts";
export type { UploadRow, UploadStore } from "./upload.ts";
export type { FirstUser, UserRow, UserStore } from "./user.ts";
export type { UnfinishedRun, Work, WorkFile, WorkFiles, WorkModel, WorkStore } from "./work.ts";

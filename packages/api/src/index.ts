export type { Context, KeyRow, Services, SystemInfo } from "./context.ts";
export { nextTime } from "./cron.ts";
export { toAssayError } from "./error-shape.ts";
export { openApiDocument } from "./openapi.ts";
export { type AppRouter, appRouter } from "./router.ts";
export type { RunStarter } from "./routers/runs/start-run.ts";
export { startScheduled } from "./routers/schedules/start-scheduled.ts";
export type { AuditInfo } from "./shapes/audit.ts";
export type { ComparisonDetail, ComparisonEvent, ComparisonRow } from "./shapes/comparison.ts";
export type { ColumnProfile, DatasetDetail, DatasetRow } from "./shapes/dataset.ts";
export { ErrorBody } from "./shapes/error.ts";
export { exactly, unknownKeys } from "./shapes/exactly.ts";
export type { Key } from "./shapes/key.ts";
export type { MitigationOptions } from "./shapes/mitigation.ts";
export type { ModelDetail, ModelRow, ModelVersion } from "./shapes/model.ts";
export type { Project } from "./shapes/project.ts";
export type { RunDetail, RunEvent, RunRow, RunStatus, RunVerdict, StepLogRow } from "./shapes/run.ts";
export type {
  ScheduleDetail,
  ScheduleDrift,
  ScheduleHistory,
  SchedulePreview,
  ScheduleRow,
  ScheduleTick,
} from "./shapes/schedule.ts";
export { createCallerFactory } from "./trpc.ts";

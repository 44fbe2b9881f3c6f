import type { AppRouter } from "@assay/api";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";

type Outputs = inferRouterOutputs<AppRouter>;
export type ApiInputs = inferRouterInputs<AppRouter>;

export type ApiKey = Outputs["keys"]["list"][number];
export type AuditInfo = Outputs["audits"]["list"][number];
export type ComparisonRow = Outputs["comparisons"]["list"]["items"][number];
export type DatasetDetail = Outputs["datasets"]["get"];
export type DatasetRow = Outputs["datasets"]["list"][number];
export type MitigationOptions = Outputs["mitigations"]["options"];
export type FeedbackDetail = Outputs["feedback"]["get"];
export type FeedbackForm = Outputs["feedback"]["form"];
export type FeedbackRow = Outputs["feedback"]["list"]["items"][number];
export type ModelDetail = Outputs["models"]["get"];
export type ModelRow = Outputs["models"]["list"][number];
export type ModelVersion = Outputs["models"]["version"];
export type PlanCheck = Outputs["plans"]["check"];
export type PolicyInfo = Outputs["policies"]["list"][number];
export type Project = Outputs["projects"]["list"][number];
export type RunDetail = Outputs["runs"]["get"];
export type RunRow = Outputs["runs"]["list"]["items"][number];
export type ScheduleDetail = Outputs["schedules"]["get"];
export type ScheduleHistory = Outputs["schedules"]["history"];
export type ScheduleRow = Outputs["schedules"]["list"][number];
export type ScheduleTick = NonNullable<ScheduleRow["last"]>;
export type ServerDevice = Outputs["system"]["devices"][number];
export type SystemInfo = Outputs["system"]["info"];

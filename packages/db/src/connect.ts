import { PrismaPg } from "@prisma/adapter-pg";
import { type ComparisonStore, comparisonStore } from "./comparison.ts";
import { type ComparisonWorkStore, comparisonWorkStore } from "./comparison-work.ts";
import { type DatasetStore, datasetStore } from "./dataset.ts";
import { type FeedbackStore, feedbackStore } from "./feedback.ts";
import { type FeedbackFormStore, feedbackFormStore } from "./feedback-form.ts";
import { PrismaClient } from "./generated/prisma/client.ts";
import { type ModelStore, modelStore } from "./model.ts";
import { type OrganizationStore, organizationStore } from "./organization.ts";
import { type ProjectStore, projectStore } from "./project.ts";
import { type ReportStore, reportStore } from "./report.ts";
import { type RunStore, runStore } from "./run.ts";
import { type ScheduleStore, scheduleStore } from "./schedule.ts";
import { type ScheduleWorkStore, scheduleWorkStore } from "./schedule-work.ts";
import { type StepStore, stepStore } from "./step.ts";
import { type UploadStore, uploadStore } from "./upload.ts";
import { type UserStore, userStore } from "./user.ts";
import { type WorkStore, workStore } from "./work.ts";

/** Everything that is kept, by noun. */
export interface Stores {
  readonly comparisons: ComparisonStore;
  /** A worker's side of comparisons. */
  readonly comparisonWork: ComparisonWorkStore;
  readonly datasets: DatasetStore;
  readonly feedback: FeedbackStore;
  readonly feedbackForms: FeedbackFormStore;
  readonly models: ModelStore;
  readonly organizations: OrganizationStore;
  readonly projects: ProjectStore;
  readonly reports: ReportStore;
  readonly runs: RunStore;
  readonly schedules: ScheduleStore;
  /** A server's side of schedules. */
  readonly scheduleWork: ScheduleWorkStore;
  readonly steps: StepStore;
  readonly uploads: UploadStore;
  readonly users: UserStore;
  readonly work: WorkStore;
}

export interface Database {
  readonly stores: Stores;
  /** The client that better-auth's Prisma adapter drives; nothing else may use it. */
  readonly authClient: object;
  /** `PostgreSQL 18.4`. Throws where the database does not answer. */
  version(): Promise<string>;
  close(): Promise<void>;
}

/** Opens a pool. Nothing is connected before the first query. */
export function connect(url: string, options: { readonly connections?: number } = {}): Database {
  const adapter = new PrismaPg({
    connectionString: url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 10_000,
  });
  const client = new PrismaClient({ adapter });
  return {
    stores: {
      comparisons: comparisonStore(client),
      comparisonWork: comparisonWorkStore(client),
      datasets: datasetStore(client),
      feedback: feedbackStore(client),
      feedbackForms: feedbackFormStore(client),
      models: modelStore(client),
      organizations: organizationStore(client),
      projects: projectStore(client),
      reports: reportStore(client),
      runs: runStore(client),
      schedules: scheduleStore(client),
      scheduleWork: scheduleWorkStore(client),
      steps: stepStore(client),
      uploads: uploadStore(client),
      users: userStore(client),
      work: workStore(client),
    },
    authClient: client,
    async version() {
      const rows = await client.$queryRaw<{ version: string }[]>`SELECT current_setting('server_version') AS version`;
      return `PostgreSQL ${rows[0]?.version.split(" ")[0] ?? ""}`;
    },
    close: () => client.$disconnect(),
  };
}

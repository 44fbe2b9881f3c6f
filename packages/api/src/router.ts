import { audits } from "./routers/audits/index.ts";
import { comparisons } from "./routers/comparisons/index.ts";
import { datasets } from "./routers/datasets/index.ts";
import { feedback } from "./routers/feedback/index.ts";
import { keys } from "./routers/keys/index.ts";
import { me } from "./routers/me/index.ts";
import { mitigations } from "./routers/mitigations/index.ts";
import { models } from "./routers/models/index.ts";
import { plans } from "./routers/plans/index.ts";
import { policies } from "./routers/policies/index.ts";
import { projects } from "./routers/projects/index.ts";
import { reports } from "./routers/reports/index.ts";
import { runs } from "./routers/runs/index.ts";
import { schedules } from "./routers/schedules/index.ts";
import { setup } from "./routers/setup/index.ts";
import { system } from "./routers/system/index.ts";
import { uploads } from "./routers/uploads/index.ts";
import { router } from "./trpc.ts";

export const appRouter = router({
  audits,
  comparisons,
  datasets,
  feedback,
  keys,
  me,
  mitigations,
  models,
  plans,
  policies,
  projects,
  reports,
  runs,
  schedules,
  setup,
  system,
  uploads,
});
export type AppRouter = typeof appRouter;

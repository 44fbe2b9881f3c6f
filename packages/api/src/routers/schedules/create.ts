import { z } from "zod";
import { checkCron, nextTime } from "../../cron.ts";
import { exactly } from "../../shapes/exactly.ts";
import { ScheduleDetail, ScheduleSettings } from "../../shapes/schedule.ts";
import { signedIn } from "../../trpc.ts";
import { checkFit } from "./check-fit.ts";

export const create = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/projects/{project}/schedules",
      tags: ["schedules"],
      summary: "Run a plan at times on the newest data of a name; a plan that cannot be run on them now is refused",
    },
  })
  .input(
    exactly({
      project: z.string(),
      ...ScheduleSettings.shape,
      timeZone: ScheduleSettings.shape.timeZone.default("UTC"),
      runUnchanged: ScheduleSettings.shape.runUnchanged.default(false),
      notify: ScheduleSettings.shape.notify.default(true),
      enabled: ScheduleSettings.shape.enabled.default(true),
    }),
  )
  .output(ScheduleDetail)
  .mutation(async ({ ctx, input }) => {
    const { project, plan: planYaml, ...settings } = input;
    const { id: projectId } = await ctx.stores.projects.get(ctx.organizationId, project);
    const { cron, timeZone, dataset, enabled } = settings;
    const now = new Date();
    checkCron(cron, timeZone, now);
    await checkFit(ctx, { projectId, planYaml, dataset });
    const nextAt = enabled ? nextTime(cron, timeZone, now) : null;
    return ctx.stores.schedules.create(projectId, { ...settings, planYaml, nextAt });
  });

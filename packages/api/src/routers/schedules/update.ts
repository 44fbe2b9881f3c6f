import { z } from "zod";
import { checkCron, nextTime } from "../../cron.ts";
import { exactly } from "../../shapes/exactly.ts";
import { ScheduleDetail, ScheduleSettings } from "../../shapes/schedule.ts";
import { signedIn } from "../../trpc.ts";
import { checkFit } from "./check-fit.ts";

export const update = signedIn
  .meta({
    openapi: {
      method: "PATCH",
      path: "/schedules/{id}",
      tags: ["schedules"],
      summary: "Change a schedule, pause it or let it go on; what is left out stays",
    },
  })
  .input(exactly({ id: z.string(), ...ScheduleSettings.partial().shape }))
  .output(ScheduleDetail)
  .mutation(async ({ ctx, input }) => {
    const { id, plan, ...given } = input;
    const before = await ctx.stores.schedules.get(id);
    const after = { ...before, ...definedOf(given), planYaml: plan ?? before.planYaml };
    const now = new Date();
    const isRetimed =
      after.cron !== before.cron || after.timeZone !== before.timeZone || after.enabled !== before.enabled;
    if (isRetimed) checkCron(after.cron, after.timeZone, now);
    if (after.planYaml !== before.planYaml || after.dataset !== before.dataset) {
      await checkFit(ctx, { projectId: before.project.id, planYaml: after.planYaml, dataset: after.dataset });
    }
    const nextAt = after.enabled ? nextTime(after.cron, after.timeZone, now) : null;
    return ctx.stores.schedules.update(id, {
      ...definedOf(given),
      ...(plan === undefined ? {} : { planYaml: plan }),
      ...(isRetimed ? { nextAt } : {}),
    });
  });

type Defined<Given> = { [Key in keyof Given]: Exclude<Given[Key], undefined> };

/** What was given, without what was left out. */
function definedOf<Given extends object>(given: Given): Defined<Given> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<Given>;
}

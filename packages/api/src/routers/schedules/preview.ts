import { cronProblems, nextTimes } from "../../cron.ts";
import { exactly } from "../../shapes/exactly.ts";
import { SchedulePreview, ScheduleSettings } from "../../shapes/schedule.ts";
import { signedIn } from "../../trpc.ts";

/** As many as show what a month's end or a change of clocks does. */
const shown = 5;

export const preview = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/schedule-times",
      tags: ["schedules"],
      summary: "The next five times of a cron expression in a time zone, or what is wrong with them",
    },
  })
  .input(exactly({ cron: ScheduleSettings.shape.cron, timeZone: ScheduleSettings.shape.timeZone.default("UTC") }))
  .output(SchedulePreview)
  .query(({ input: { cron, timeZone } }) => {
    const now = new Date();
    const problems = cronProblems(cron, timeZone, now);
    const times = problems.length > 0 ? [] : nextTimes(cron, timeZone, now, shown);
    return { times: times.map((time) => time.toISOString()), problems };
  });

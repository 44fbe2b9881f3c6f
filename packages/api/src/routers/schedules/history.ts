import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { ScheduleHistory } from "../../shapes/schedule.ts";
import { signedIn } from "../../trpc.ts";
import { driftOf } from "./drift-of.ts";

/** Reports are read to tell of drift: no more than a page shows. */
const most = 60;

export const history = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/schedules/{id}/history",
      tags: ["schedules"],
      summary: "What came of a schedule's times, newest first: runs with their verdicts and drift, and errors",
    },
  })
  .input(exactly({ id: z.string(), most: z.number().int().min(1).max(most).default(30) }))
  .output(ScheduleHistory)
  .query(async ({ ctx, input }) => {
    const { stores } = ctx;
    await stores.schedules.get(input.id);
    const ticks = await stores.schedules.ticks(input.id, input.most);
    const told: z.output<typeof ScheduleHistory> = [];
    // One after the other: a report may be large.
    for (const tick of ticks) {
      const json = tick.run?.status === "completed" ? await stores.reports.json(tick.run.id) : null;
      told.push({ ...tick, drift: json === null ? null : driftOf(json) });
    }
    return told;
  });

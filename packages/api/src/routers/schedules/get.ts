import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { ScheduleDetail } from "../../shapes/schedule.ts";
import { signedIn } from "../../trpc.ts";

export const get = signedIn
  .meta({
    openapi: { method: "GET", path: "/schedules/{id}", tags: ["schedules"], summary: "A schedule with its plan" },
  })
  .input(exactly({ id: z.string() }))
  .output(ScheduleDetail)
  .query(({ ctx, input }) => ctx.stores.schedules.get(input.id));

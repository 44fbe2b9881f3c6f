import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { ScheduleRow } from "../../shapes/schedule.ts";
import { signedIn } from "../../trpc.ts";

export const list = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/projects/{project}/schedules",
      tags: ["schedules"],
      summary: "A project's schedules by name, each with its next time and what came of the last",
    },
  })
  .input(exactly({ project: z.string() }))
  .output(z.array(ScheduleRow))
  .query(async ({ ctx, input }) => {
    const { id } = await ctx.stores.projects.get(ctx.organizationId, input.project);
    return ctx.stores.schedules.list(id);
  });

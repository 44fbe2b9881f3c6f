import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { FeedbackDetail, FeedbackNumber } from "../../shapes/feedback.ts";
import { signedIn } from "../../trpc.ts";

export const get = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/projects/{project}/feedback/{number}",
      tags: ["feedback"],
      summary: "A report with what was done with it",
    },
  })
  .input(exactly({ project: z.string(), number: FeedbackNumber }))
  .output(FeedbackDetail)
  .query(async ({ ctx, input }) => {
    const { id } = await ctx.stores.projects.get(ctx.organizationId, input.project);
    return ctx.stores.feedback.get(id, input.number);
  });

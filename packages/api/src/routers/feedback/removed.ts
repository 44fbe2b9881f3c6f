import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { FeedbackEvent } from "../../shapes/feedback.ts";
import { signedIn } from "../../trpc.ts";

export const removed = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/projects/{project}/feedback-removed",
      tags: ["feedback"],
      summary: "Reports that were removed: their numbers, when and by whom, newest first",
    },
  })
  .input(exactly({ project: z.string() }))
  .output(z.array(z.object({ ...FeedbackEvent.shape, number: z.number() })))
  .query(async ({ ctx, input }) => {
    const { id } = await ctx.stores.projects.get(ctx.organizationId, input.project);
    return [...(await ctx.stores.feedback.removed(id))];
  });

import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { FeedbackCounts } from "../../shapes/feedback.ts";
import { signedIn } from "../../trpc.ts";

export const counts = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/projects/{project}/feedback-counts",
      tags: ["feedback"],
      summary: "How many reports there are, by state, and by month, decision and group; nothing of what was written",
    },
  })
  .input(exactly({ project: z.string() }))
  .output(FeedbackCounts)
  .query(async ({ ctx, input }) => {
    const { id } = await ctx.stores.projects.get(ctx.organizationId, input.project);
    const [states, cells] = await Promise.all([ctx.stores.feedback.states(id), ctx.stores.feedback.cells(id)]);
    return { states, cells };
  });

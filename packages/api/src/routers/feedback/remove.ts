import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { FeedbackNumber } from "../../shapes/feedback.ts";
import { signedIn } from "../../trpc.ts";

export const remove = signedIn
  .meta({
    openapi: {
      method: "DELETE",
      path: "/projects/{project}/feedback/{number}",
      tags: ["feedback"],
      summary: "Remove a report with its history; that it was removed, when and by whom stays",
    },
  })
  .input(exactly({ project: z.string(), number: FeedbackNumber }))
  .output(z.object({ ok: z.literal(true) }))
  .mutation(async ({ ctx, input }) => {
    const { id } = await ctx.stores.projects.get(ctx.organizationId, input.project);
    await ctx.stores.feedback.remove(id, input.number, ctx.user.id);
    return { ok: true };
  });

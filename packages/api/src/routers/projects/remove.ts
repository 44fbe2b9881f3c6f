import { z } from "zod";
import { signedIn } from "../../trpc.ts";

export const remove = signedIn
  .meta({
    openapi: {
      method: "DELETE",
      path: "/projects/{project}",
      tags: ["projects"],
      summary: "Remove a project with its runs, reports and datasets",
    },
  })
  .input(z.object({ project: z.string() }))
  .output(z.object({ ok: z.literal(true) }))
  .mutation(async ({ ctx, input }) => {
    await ctx.stores.projects.remove(ctx.organizationId, input.project);
    return { ok: true };
  });

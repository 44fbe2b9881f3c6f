import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
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
  .input(exactly({ project: z.string() }))
  .output(z.object({ ok: z.literal(true) }))
  .mutation(async ({ ctx, input }) => {
    await ctx.stores.projects.remove(ctx.organizationId, input.project);
    return { ok: true };
  });

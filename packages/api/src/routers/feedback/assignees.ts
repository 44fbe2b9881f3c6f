import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";

export const assignees = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/projects/{project}/feedback-assignees",
      tags: ["feedback"],
      summary: "Who may be given a report",
    },
  })
  .input(exactly({ project: z.string() }))
  .output(z.array(z.object({ id: z.string(), name: z.string() })))
  .query(async ({ ctx, input }) => {
    await ctx.stores.projects.get(ctx.organizationId, input.project);
    const users = await ctx.stores.users.list();
    return users.map(({ id, name }) => ({ id, name }));
  });

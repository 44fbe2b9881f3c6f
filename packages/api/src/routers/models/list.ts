import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { ModelRow } from "../../shapes/model.ts";
import { signedIn } from "../../trpc.ts";

export const list = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/projects/{project}/models",
      tags: ["models"],
      summary: "A project's models, each with its newest version",
    },
  })
  .input(exactly({ project: z.string() }))
  .output(z.array(ModelRow))
  .query(async ({ ctx, input }) => {
    const project = await ctx.stores.projects.get(ctx.organizationId, input.project);
    return ctx.stores.models.list(project.id);
  });

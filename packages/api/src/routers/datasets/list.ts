import { z } from "zod";
import { DatasetRow } from "../../shapes/dataset.ts";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";

export const list = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/projects/{project}/datasets",
      tags: ["datasets"],
      summary: "A project's datasets",
    },
  })
  .input(exactly({ project: z.string() }))
  .output(z.array(DatasetRow))
  .query(async ({ ctx, input }) => {
    const project = await ctx.stores.projects.get(ctx.organizationId, input.project);
    return ctx.stores.datasets.list(project.id);
  });

import { z } from "zod";
import { DatasetDetail } from "../../shapes/dataset.ts";
import { exactly } from "../../shapes/exactly.ts";
import { nameOf } from "../../shapes/name.ts";
import { signedIn } from "../../trpc.ts";

export const create = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/projects/{project}/datasets",
      tags: ["datasets"],
      summary: "Read a finished upload into a dataset; the same bytes are the same dataset",
    },
  })
  .input(
    exactly({
      project: z.string(),
      /** The upload's id: the last part of its URL. */
      upload: z.string(),
      name: nameOf("a dataset", 200),
      counts: z.boolean().default(false),
      delimiter: z.string().length(1, "one character").optional(),
      header: z.array(z.string().min(1)).min(1).optional(),
    }),
  )
  .output(DatasetDetail)
  .mutation(async ({ ctx, input }) => {
    const project = await ctx.stores.projects.get(ctx.organizationId, input.project);
    return ctx.services.datasets.create({
      userId: ctx.user.id,
      projectId: project.id,
      upload: input.upload,
      name: input.name,
      counts: input.counts,
      delimiter: input.delimiter ?? null,
      header: input.header ?? [],
    });
  });

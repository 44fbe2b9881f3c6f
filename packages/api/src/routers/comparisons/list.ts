import { z } from "zod";
import { ComparisonRow } from "../../shapes/comparison.ts";
import { exactly } from "../../shapes/exactly.ts";
import { RunStatus } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";

export const list = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/projects/{project}/comparisons",
      tags: ["comparisons"],
      summary: "A project's comparisons row by row, newest first",
    },
  })
  .input(
    exactly({
      project: z.string(),
      /** Ids of runs. */
      from: z.string().optional(),
      to: z.string().optional(),
      status: RunStatus.optional(),
      page: z.number().int().min(1).optional(),
      pageSize: z.number().int().min(1).max(200).optional(),
    }),
  )
  .output(z.object({ items: z.array(ComparisonRow), total: z.number() }))
  .query(async ({ ctx, input }) => {
    const { project, ...query } = input;
    const { id } = await ctx.stores.projects.get(ctx.organizationId, project);
    return ctx.stores.comparisons.list(id, query);
  });

import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { RunRow, RunSort, RunStatus, RunVerdict } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";

export const list = signedIn
  .meta({ openapi: { method: "GET", path: "/projects/{project}/runs", tags: ["runs"], summary: "A project's runs" } })
  .input(
    exactly({
      project: z.string(),
      /** The id of the run whose plan theirs was made from: its mitigations. */
      source: z.string().optional(),
      /** The id of the schedule that made them. */
      schedule: z.string().optional(),
      status: RunStatus.optional(),
      verdict: RunVerdict.optional(),
      search: z.string().max(200).optional(),
      sort: RunSort.optional(),
      page: z.number().int().min(1).optional(),
      pageSize: z.number().int().min(1).max(200).optional(),
    }),
  )
  .output(z.object({ items: z.array(RunRow), total: z.number() }))
  .query(async ({ ctx, input }) => {
    const { project, ...query } = input;
    const { id } = await ctx.stores.projects.get(ctx.organizationId, project);
    return ctx.stores.runs.list(id, query);
  });

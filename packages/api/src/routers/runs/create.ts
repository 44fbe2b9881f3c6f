import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { RunRow } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";
import { gatherRun, startRun } from "./start-run.ts";

export const create = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/projects/{project}/runs",
      tags: ["runs"],
      summary: "Run a plan on a dataset; a plan that cannot be run is refused before any work",
    },
  })
  .input(
    exactly({
      project: z.string(),
      dataset: z.string(),
      /** The text of audit.yaml. Its `data.file` names the dataset for readers; the bytes are the dataset's. */
      plan: z.string().max(1_000_000),
      /** The id of the version that the plan's model stands for; without it the newest whose file has the plan's name. */
      model: z.string().optional(),
      /** The id of the dataset of background rows, where the plan names a file of them; found in the same way. */
      background: z.string().optional(),
      /** Calls with the same key in a project make one run. */
      idempotencyKey: z.string().min(1).max(200).optional(),
      /** How many pieces each audit's rows are cut into; left out: one per 250,000 rows. */
      shards: z.int().min(1).max(4096).optional(),
    }),
  )
  .output(RunRow)
  .mutation(async ({ ctx, input }) => {
    const project = await ctx.stores.projects.get(ctx.organizationId, input.project);
    const dataset = await ctx.stores.datasets.get(input.dataset);
    const run = await gatherRun(ctx, { projectId: project.id, planYaml: input.plan, dataset }, input);
    return startRun(ctx, run, { shards: input.shards, idempotencyKey: input.idempotencyKey });
  });

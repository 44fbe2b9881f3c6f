import { readPlan } from "@assay/schema";
import { z } from "zod";
import { RunRow } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";
import { prepareFor } from "../plans/check.ts";
import { withProjectFeedback } from "../plans/plan-feedback.ts";
import { findPlanFiles } from "../plans/plan-files.ts";

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
    z.object({
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
    const plan = readPlan(input.plan, "audit.yaml");
    const files = await findPlanFiles(plan, project.id, ctx.stores, input);
    const asked = await withProjectFeedback(plan, project.id, ctx.stores);
    await prepareFor(asked.plan, dataset, files, ctx.services);
    return ctx.stores.runs.create(
      {
        projectId: project.id,
        datasetId: dataset.id,
        modelVersionId: files.model?.id,
        backgroundId: files.background?.id,
        planYaml: input.plan,
        title: plan.project,
        shards: input.shards,
        idempotencyKey: input.idempotencyKey,
      },
      async (sql, id) => {
        if (asked.cells !== null) await ctx.stores.feedback.keepCells(sql, id, asked.cells);
        await ctx.services.runs.enqueue(sql, id);
      },
    );
  });

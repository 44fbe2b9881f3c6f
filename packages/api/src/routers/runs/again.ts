import { AssayError, readPlan } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { RunRow } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";
import { gatherRun, startRun } from "./start-run.ts";

export const again = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/runs/{id}/again",
      tags: ["runs"],
      summary: "Run the same plan on the same dataset and model again, as a new run",
    },
  })
  .input(exactly({ id: z.string() }))
  .output(RunRow)
  .mutation(async ({ ctx, input }) => {
    const run = await ctx.stores.runs.get(input.id);
    if (run.dataset === null) {
      throw new AssayError(
        "conflict",
        run.origin === "pushed"
          ? "this report was computed elsewhere: the server does not have its data"
          : "the dataset of this run was removed; upload it again and start a new run",
      );
    }
    const dataset = await ctx.stores.datasets.get(run.dataset.id);
    const plan = readPlan(run.planYaml, "audit.yaml");
    if (plan.model?.file !== undefined && run.model === null) {
      throw new AssayError("conflict", "the model of this run was removed; push it again and start a new run");
    }
    // What people affected reported is counted anew: it is what has changed.
    const gathered = await gatherRun(
      ctx,
      { projectId: run.project.id, planYaml: run.planYaml, dataset },
      { model: run.model?.id, background: run.backgroundId },
    );
    return startRun(ctx, gathered, { sourceId: run.source?.id, shards: run.shards ?? undefined });
  });

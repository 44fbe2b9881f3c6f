import { mitigationChoices, mitigationId } from "@assay/audits";
import { readPlan } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { MitigationOptions } from "../../shapes/mitigation.ts";
import { signedIn } from "../../trpc.ts";
import { whyGone } from "../runs/why-gone.ts";
import { sourceRun } from "./source-run.ts";

export const options = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/runs/{run}/mitigation",
      tags: ["mitigations"],
      summary:
        "What can be tried to make a run's decisions more alike between groups, and what cannot, with the reason",
    },
  })
  .input(exactly({ run: z.string() }))
  .output(MitigationOptions)
  .query(async ({ ctx, input }) => {
    const found = await ctx.stores.runs.get(input.run);
    const run = { id: found.id, number: found.number, title: found.title };
    const reason = whyGone(found);
    const { model, audits } = readPlan(found.planYaml, "audit.yaml");
    const shown = { run, reason, endpoint: model?.endpoint !== undefined, settings: audits?.[mitigationId] ?? {} };
    if (reason !== null) return { ...shown, by: [], methods: [] };
    const { plan, dataset, files } = await sourceRun(ctx.stores, input.run);
    const known =
      files.model === null ? null : await ctx.services.models.describe(files.model, plan.columns.features.length);
    const columns = await ctx.services.datasets.columns(dataset, plan.data);
    return { ...shown, ...mitigationChoices(plan, columns, known) };
  });

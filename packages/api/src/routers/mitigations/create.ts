import { mitigationPlan } from "@assay/audits";
import { AssayError, writePlan } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { MitigationSettings } from "../../shapes/mitigation.ts";
import { RunRow } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";
import { prepareFor } from "../plans/check.ts";
import { sourceRun } from "./source-run.ts";

export const create = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/projects/{project}/mitigations",
      tags: ["mitigations"],
      summary:
        "Try a mitigation on the data and model of a run: a run of its own, whose report says what it does and costs on held-out rows, with the files to deploy beside it",
    },
  })
  .input(
    exactly({
      project: z.string(),
      /** The id of the run whose plan, data and model it is tried on. */
      run: z.string(),
      ...MitigationSettings.shape,
      /** Of the draws: the split, the replicates, and decisions by lot. Default that of the plan. */
      seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
      /** Calls with the same key in a project make one run. */
      idempotencyKey: z.string().min(1).max(200).optional(),
    }),
  )
  .output(RunRow)
  .mutation(async ({ ctx, input }) => {
    const { project: named, run: id, seed, idempotencyKey, ...settings } = input;
    const project = await ctx.stores.projects.get(ctx.organizationId, named);
    const { run, plan: given, dataset, files } = await sourceRun(ctx.stores, id);
    if (run.project.id !== project.id) {
      throw new AssayError("not-found", `run ${run.number} ("${run.id}") belongs to another project`);
    }
    const told = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
    const plan = { ...mitigationPlan(given, told), ...(seed === undefined ? {} : { seed }) };
    await prepareFor({ plan, planYaml: null }, dataset, files, ctx.services);
    return ctx.stores.runs.create(
      {
        projectId: project.id,
        datasetId: dataset.id,
        modelVersionId: files.model?.id,
        // A mitigation of a mitigation answers the audit that the first one did.
        sourceId: run.source?.id ?? run.id,
        planYaml: writePlan(plan),
        title: plan.project,
        idempotencyKey,
      },
      ctx.services.runs.enqueue,
    );
  });

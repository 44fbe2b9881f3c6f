import { comparisonVersion } from "@assay/audits";
import type { RunDetail, ComparisonSettings as Settings } from "@assay/db";
import { AssayError, type Digest, digestBytes, digestJson, readPlan } from "@assay/schema";
import { z } from "zod";
import { ComparisonDetail, ComparisonSettings } from "../../shapes/comparison.ts";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";
import { finishedPair } from "./finished-pair.ts";
import { whyRunsUnpaired } from "./why-unpaired.ts";

export const create = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/projects/{project}/comparisons",
      tags: ["comparisons"],
      summary:
        "Compare two completed runs row by row, with paired tests; the same two with the same settings are one comparison",
    },
  })
  .input(
    exactly({
      project: z.string(),
      /** The run that the other is held against: how it was. */
      from: z.string(),
      /** How it is now. */
      to: z.string(),
      /** Default 0.95. */
      confidence: ComparisonSettings.shape.confidence.optional(),
      /** Default 10,000. */
      replicates: ComparisonSettings.shape.replicates.optional(),
      /** Default that of the plan of `from`. */
      seed: ComparisonSettings.shape.seed.optional(),
    }),
  )
  .output(ComparisonDetail)
  .mutation(async ({ ctx, input }) => {
    const project = await ctx.stores.projects.get(ctx.organizationId, input.project);
    const { from, to } = await finishedPair(ctx.stores, input);
    if (from.project.id !== project.id) {
      throw new AssayError("not-found", `run ${from.number} ("${from.id}") belongs to another project`);
    }
    const why = whyRunsUnpaired(from, to);
    if (why !== null) throw new AssayError("conflict", `rows cannot be paired: ${why.en}`);
    const settings: Settings = {
      confidence: input.confidence ?? 0.95,
      replicates: input.replicates ?? 10_000,
      seed: input.seed ?? readPlan(from.planYaml, "audit.yaml").seed,
    };
    return ctx.stores.comparisons.create(
      { projectId: project.id, fromId: from.id, toId: to.id, key: keyOf(from, to, settings), settings },
      ctx.services.comparisons.enqueue,
    );
  });

function keyOf(from: RunDetail, to: RunDetail, settings: Settings): Digest {
  const side = ({ planYaml, dataset, model }: RunDetail) => ({
    plan: digestBytes(planYaml),
    data: dataset?.digest ?? null,
    model: model?.digest ?? null,
  });
  return digestJson({ version: comparisonVersion, from: side(from), to: side(to), settings });
}

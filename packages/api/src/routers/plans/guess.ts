import { guessPlan } from "@assay/audits";
import type { ModelVersionRow } from "@assay/db";
import { Plan, type PlanInput } from "@assay/schema";
import { stringify } from "yaml";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { asWritten } from "../../shapes/kept.ts";
import { signedIn } from "../../trpc.ts";

export const guess = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/datasets/{dataset}/plan",
      tags: ["plans"],
      summary: "A first plan, guessed from a dataset's columns, for a version of a model where one is named",
    },
  })
  .input(exactly({ dataset: z.string(), model: z.string().optional() }))
  .output(z.object({ yaml: z.string(), plan: asWritten(Plan) }))
  .query(async ({ ctx, input }) => {
    const dataset = await ctx.stores.datasets.get(input.dataset);
    const guessed = guessPlan(dataset.columns, dataset.fileName, dataset.rows);
    const model = input.model === undefined ? null : await ctx.stores.models.version(input.model);
    const plan = model === null ? guessed : withModel(guessed, model, dataset.columns);
    return { yaml: stringify(plan), plan };
  });

/** The model gives score and decision in place of columns that looked like them; inputs named as columns need no list. */
function withModel(
  plan: PlanInput,
  { about, fileName }: ModelVersionRow,
  columns: readonly { readonly name: string }[],
): PlanInput {
  const { decision: _decision, prediction: _prediction, score: _score, features, ...roles } = plan.columns;
  const named =
    about.inputs.length > 0 && about.inputs.every((input) => columns.some((column) => column.name === input.name));
  return {
    ...plan,
    columns: { ...roles, ...(named || features === undefined ? {} : { features }) },
    model: { file: fileName },
  };
}

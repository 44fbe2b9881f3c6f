import { guessPlan } from "@assay/audits";
import { Plan } from "@assay/schema";
import { stringify } from "yaml";
import { z } from "zod";
import { asWritten } from "../../shapes/kept.ts";
import { signedIn } from "../../trpc.ts";

export const guess = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/datasets/{dataset}/plan",
      tags: ["plans"],
      summary: "A first plan, guessed from a dataset's columns",
    },
  })
  .input(z.object({ dataset: z.string() }))
  .output(z.object({ yaml: z.string(), plan: asWritten(Plan) }))
  .query(async ({ ctx, input }) => {
    const dataset = await ctx.stores.datasets.get(input.dataset);
    const plan = guessPlan(dataset.columns, dataset.fileName, dataset.rows);
    return { yaml: stringify(plan), plan };
  });

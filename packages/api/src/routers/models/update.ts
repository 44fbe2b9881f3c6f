import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { ModelCard, ModelVersion } from "../../shapes/model.ts";
import { signedIn } from "../../trpc.ts";
import { checkTrainingData } from "./training-data.ts";

export const update = signedIn
  .meta({
    openapi: {
      method: "PATCH",
      path: "/model-versions/{id}",
      tags: ["models"],
      summary: "Change the card of a version, or what it was trained on; what is left out stays",
    },
  })
  .input(
    exactly({
      /** The version's id. */
      id: z.string(),
      card: exactly(ModelCard.partial().shape).default({}),
      trainedOn: z.string().nullable().optional(),
    }),
  )
  .output(ModelVersion)
  .mutation(async ({ ctx, input }) => {
    const version = await ctx.stores.models.version(input.id);
    await checkTrainingData(ctx.stores, input.trainedOn, version.project);
    return ctx.stores.models.describe(version.id, { ...input.card, trainingDatasetId: input.trainedOn });
  });

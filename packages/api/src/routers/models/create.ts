import { mostBeside } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { ModelCard, ModelName, ModelVersion } from "../../shapes/model.ts";
import { signedIn } from "../../trpc.ts";
import { checkTrainingData } from "./training-data.ts";

export const create = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/projects/{project}/models",
      tags: ["models"],
      summary:
        "Open a finished upload, with the files beside it, and keep them as a version of the model of that name; the same bytes are the same version",
    },
  })
  .input(
    exactly({
      project: z.string(),
      /** The upload's id: the last part of its URL. */
      upload: z.string(),
      /**
       * Files beside the model, such as its weights: an upload each, and its path from the model's own file, parts joined by
       * `/`. Those that the model is not read from are left out.
       */
      beside: z
        .array(exactly({ name: z.string(), upload: z.string() }))
        .max(mostBeside, `at most ${mostBeside} files beside the model`)
        .default([]),
      /** Left out: the model that has a version of the same bytes, else one named as the file. */
      name: ModelName.optional(),
      /** What is left out is taken from the version before; notes are not. */
      card: exactly(ModelCard.partial().shape).default({}),
      /** The id of the dataset it was trained on. */
      trainedOn: z.string().nullable().default(null),
    }),
  )
  .output(ModelVersion)
  .mutation(async ({ ctx, input }) => {
    const project = await ctx.stores.projects.get(ctx.organizationId, input.project);
    await checkTrainingData(ctx.stores, input.trainedOn, project.id);
    return ctx.services.models.create({
      userId: ctx.user.id,
      projectId: project.id,
      upload: input.upload,
      beside: input.beside,
      name: input.name ?? null,
      card: input.card,
      trainingDatasetId: input.trainedOn,
    });
  });

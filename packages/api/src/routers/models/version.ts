import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { ModelVersion } from "../../shapes/model.ts";
import { signedIn } from "../../trpc.ts";

export const version = signedIn
  .meta({
    openapi: { method: "GET", path: "/model-versions/{id}", tags: ["models"], summary: "A version of a model" },
  })
  .input(exactly({ id: z.string() }))
  .output(ModelVersion)
  .query(({ ctx, input }) => ctx.stores.models.version(input.id));

import { z } from "zod";
import { ModelDetail } from "../../shapes/model.ts";
import { signedIn } from "../../trpc.ts";

export const get = signedIn
  .meta({
    openapi: { method: "GET", path: "/models/{id}", tags: ["models"], summary: "A model with all its versions" },
  })
  .input(z.object({ id: z.string() }))
  .output(ModelDetail)
  .query(({ ctx, input }) => ctx.stores.models.get(input.id));

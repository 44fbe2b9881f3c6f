import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { ModelDetail } from "../../shapes/model.ts";
import { signedIn } from "../../trpc.ts";

export const get = signedIn
  .meta({
    openapi: { method: "GET", path: "/models/{id}", tags: ["models"], summary: "A model with all its versions" },
  })
  .input(exactly({ id: z.string() }))
  .output(ModelDetail)
  .query(({ ctx, input }) => ctx.stores.models.get(input.id));

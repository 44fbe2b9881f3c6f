import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";

export const removeVersion = signedIn
  .meta({
    openapi: {
      method: "DELETE",
      path: "/model-versions/{id}",
      tags: ["models"],
      summary: "Remove a version, and with the last one its model; reports stay. Refused while a run needs it",
    },
  })
  .input(exactly({ id: z.string() }))
  .output(
    z.object({
      ok: z.literal(true),
      /** It was the last version: the model went too. */
      model: z.boolean(),
    }),
  )
  .mutation(async ({ ctx, input }) => {
    const { model } = await ctx.stores.models.removeVersion(input.id);
    return { ok: true, model };
  });

import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";

export const remove = signedIn
  .meta({
    openapi: {
      method: "DELETE",
      path: "/models/{id}",
      tags: ["models"],
      summary: "Remove a model with all its versions; reports stay. Refused while a run needs one",
    },
  })
  .input(exactly({ id: z.string() }))
  .output(z.object({ ok: z.literal(true) }))
  .mutation(async ({ ctx, input }) => {
    await ctx.stores.models.remove(input.id);
    return { ok: true };
  });

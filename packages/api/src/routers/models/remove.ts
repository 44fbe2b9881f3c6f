import { z } from "zod";
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
  .input(z.object({ id: z.string() }))
  .output(z.object({ ok: z.literal(true) }))
  .mutation(async ({ ctx, input }) => {
    await ctx.stores.models.remove(input.id);
    return { ok: true };
  });

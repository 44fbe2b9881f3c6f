import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";

export const remove = signedIn
  .meta({
    openapi: {
      method: "DELETE",
      path: "/comparisons/{id}",
      tags: ["comparisons"],
      summary: "Remove a comparison; its runs stay",
    },
  })
  .input(exactly({ id: z.string() }))
  .output(z.object({ ok: z.literal(true) }))
  .mutation(async ({ ctx, input }) => {
    await ctx.stores.comparisons.remove(input.id);
    return { ok: true };
  });

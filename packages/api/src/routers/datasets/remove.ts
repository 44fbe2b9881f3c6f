import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";

export const remove = signedIn
  .meta({
    openapi: {
      method: "DELETE",
      path: "/datasets/{id}",
      tags: ["datasets"],
      summary: "Remove a dataset; reports stay",
    },
  })
  .input(exactly({ id: z.string() }))
  .output(z.object({ ok: z.literal(true) }))
  .mutation(async ({ ctx, input }) => {
    await ctx.stores.datasets.remove(input.id);
    return { ok: true };
  });

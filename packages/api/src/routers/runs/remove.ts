import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";

export const remove = signedIn
  .meta({
    openapi: {
      method: "DELETE",
      path: "/runs/{id}",
      tags: ["runs"],
      summary: "Remove a run with its report; one that is running is cancelled",
    },
  })
  .input(exactly({ id: z.string() }))
  .output(z.object({ ok: z.literal(true) }))
  .mutation(async ({ ctx, input }) => {
    await ctx.stores.runs.remove(input.id);
    return { ok: true };
  });

import { z } from "zod";
import { ComparisonDetail } from "../../shapes/comparison.ts";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";

export const cancel = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/comparisons/{id}/cancel",
      tags: ["comparisons"],
      summary: "Cancel a comparison; a finished one stays as it is",
    },
  })
  .input(exactly({ id: z.string() }))
  .output(ComparisonDetail)
  .mutation(async ({ ctx, input }) => {
    await ctx.stores.comparisons.cancel(input.id);
    return ctx.stores.comparisons.get(input.id);
  });

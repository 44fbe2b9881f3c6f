import { z } from "zod";
import { ComparisonDetail } from "../../shapes/comparison.ts";
import { exactly } from "../../shapes/exactly.ts";
import { signedIn } from "../../trpc.ts";

export const get = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/comparisons/{id}",
      tags: ["comparisons"],
      summary: "A comparison row by row, with its result once it is completed",
    },
  })
  .input(exactly({ id: z.string() }))
  .output(ComparisonDetail)
  .query(({ ctx, input }) => ctx.stores.comparisons.get(input.id));

import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { RunRow } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";

export const cancel = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/runs/{id}/cancel",
      tags: ["runs"],
      summary: "Cancel a run; a finished run stays as it is",
    },
  })
  .input(exactly({ id: z.string() }))
  .output(RunRow)
  .mutation(async ({ ctx, input }) => {
    await ctx.stores.runs.cancel(input.id);
    return ctx.stores.runs.get(input.id);
  });

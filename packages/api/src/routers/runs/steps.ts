import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { StepLogRow } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";

export const steps = signedIn
  .meta({
    openapi: { method: "GET", path: "/runs/{id}/steps", tags: ["runs"], summary: "Who worked on each step, and when" },
  })
  .input(exactly({ id: z.string() }))
  .output(z.array(StepLogRow))
  .query(async ({ ctx, input }) => {
    await ctx.stores.runs.get(input.id);
    return ctx.stores.steps.log(input.id);
  });

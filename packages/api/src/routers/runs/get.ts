import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { RunDetail } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";

export const get = signedIn
  .meta({ openapi: { method: "GET", path: "/runs/{id}", tags: ["runs"], summary: "A run" } })
  .input(exactly({ id: z.string() }))
  .output(RunDetail)
  .query(async ({ ctx, input }) => {
    const run = await ctx.stores.runs.get(input.id);
    return {
      ...run,
      problems: run.error?.problems ?? [],
      steps: { done: run.progress.done, total: run.progress.total },
    };
  });

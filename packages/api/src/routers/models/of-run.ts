import type { Report } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { ModelVersion } from "../../shapes/model.ts";
import { signedIn } from "../../trpc.ts";

export const ofRun = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/runs/{run}/models",
      tags: ["models"],
      summary: "The project's versions of models that are files of a completed run, newest first",
    },
  })
  .input(exactly({ run: z.string() }))
  .output(z.array(ModelVersion))
  .query(async ({ ctx, input }) => {
    const run = await ctx.stores.runs.get(input.run);
    const report = JSON.parse(await ctx.stores.reports.json(run.id)) as Report;
    const digests = report.audits.flatMap(({ artifacts }) => artifacts.map(({ digest }) => digest));
    return ctx.stores.models.ofBytes(run.project.id, digests);
  });

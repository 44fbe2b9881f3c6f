import { Report } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { kept } from "../../shapes/kept.ts";
import { signedIn } from "../../trpc.ts";

export const get = signedIn
  .meta({ openapi: { method: "GET", path: "/runs/{run}/report", tags: ["reports"], summary: "A run's report" } })
  .input(exactly({ run: z.string() }))
  .output(kept(Report))
  .query(async ({ ctx, input }) => JSON.parse(await ctx.stores.reports.json(input.run)) as Report);

import { compareReports } from "@assay/audits";
import type { RunDetail } from "@assay/db";
import { Comparison, type Report } from "@assay/schema";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { kept } from "../../shapes/kept.ts";
import { signedIn } from "../../trpc.ts";
import { finishedPair } from "../comparisons/finished-pair.ts";

export const compare = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/runs/{a}/compare/{b}",
      tags: ["runs"],
      summary: "Run b beside run a, number by number, by the intervals of their reports",
    },
  })
  .input(
    exactly({
      /** The run that the other is held against: how it was. */
      a: z.string(),
      /** How it is now. */
      b: z.string(),
    }),
  )
  .output(kept(Comparison))
  .query(async ({ ctx, input }) => {
    const { from, to } = await finishedPair(ctx.stores, { from: input.a, to: input.b });
    const report = async ({ id }: RunDetail): Promise<Report> =>
      JSON.parse(await ctx.stores.reports.json(id)) as Report;
    return compareReports(await report(from), await report(to), { a: `#${from.number}`, b: `#${to.number}` });
  });

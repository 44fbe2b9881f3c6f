import { compareReports } from "@assay/audits";
import type { RunDetail, Stores } from "@assay/db";
import { AssayError, Comparison, type Report } from "@assay/schema";
import { z } from "zod";
import { kept } from "../../shapes/kept.ts";
import { signedIn } from "../../trpc.ts";

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
    z.object({
      /** The run that the other is held against: how it was. */
      a: z.string(),
      /** How it is now. */
      b: z.string(),
    }),
  )
  .output(kept(Comparison))
  .query(async ({ ctx, input }) => {
    const [a, b] = [await ctx.stores.runs.get(input.a), await ctx.stores.runs.get(input.b)];
    if (a.project.id !== b.project.id) {
      throw new AssayError(
        "conflict",
        `run ${a.number} is of the project "${a.project.name}" and run ${b.number} of "${b.project.name}": choose two runs of one project`,
      );
    }
    const [first, second] = [await reportOf(a, ctx.stores), await reportOf(b, ctx.stores)];
    return compareReports(first, second, { a: `#${a.number}`, b: `#${b.number}` });
  });

async function reportOf(run: RunDetail, stores: Stores): Promise<Report> {
  if (run.status !== "completed") {
    throw new AssayError(
      "conflict",
      `run ${run.number} is ${run.status} and has no report: only completed runs are compared`,
    );
  }
  return JSON.parse(await stores.reports.json(run.id)) as Report;
}

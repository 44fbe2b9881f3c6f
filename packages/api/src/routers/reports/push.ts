import { Report } from "@assay/schema";
import { stringify } from "yaml";
import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { written } from "../../shapes/kept.ts";
import { RunRow } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";

export const push = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/projects/{project}/reports",
      tags: ["reports"],
      summary: "Keep a report computed elsewhere; its digests are checked",
    },
  })
  .input(
    exactly({
      project: z.string(),
      /** report.json as it is. */
      report: z.custom<Report>((value) => typeof value === "object" && value !== null).meta(written(Report)),
      idempotencyKey: z.string().min(1).max(200).optional(),
    }),
  )
  .output(RunRow)
  .mutation(async ({ ctx, input }) => {
    const project = await ctx.stores.projects.get(ctx.organizationId, input.project);
    const report = ctx.services.reports.verify(input.report);
    return ctx.stores.runs.push({
      projectId: project.id,
      planYaml: stringify(report.plan),
      title: report.plan.project,
      verdict: report.gate.verdict,
      counts: ctx.services.reports.count(report),
      startedAt: new Date(report.environment.startedAt),
      seconds: report.environment.seconds,
      report: { digest: report.digest, json: JSON.stringify(input.report) },
      idempotencyKey: input.idempotencyKey,
    });
  });

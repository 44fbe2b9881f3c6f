import { type Prepared, preparePlan, registry } from "@assay/audits";
import type { DatasetDetail } from "@assay/db";
import { AuditId, isAssayError, LocalizedText, Plan, type Problem, planError, readPlan } from "@assay/schema";
import { z } from "zod";
import type { Services } from "../../context.ts";
import { ProblemShape } from "../../shapes/error.ts";
import { kept } from "../../shapes/kept.ts";
import { signedIn } from "../../trpc.ts";

export const check = signedIn
  .meta({
    openapi: {
      method: "POST",
      path: "/datasets/{dataset}/plan/check",
      tags: ["plans"],
      summary: "Check a plan against a dataset's columns, before any work",
    },
  })
  .input(z.object({ dataset: z.string(), plan: z.string().max(1_000_000) }))
  .output(
    z.object({
      ok: z.boolean(),
      problems: z.array(ProblemShape),
      plan: kept(Plan).nullable(),
      audits: z.array(z.object({ id: AuditId, runs: z.boolean(), reason: LocalizedText.nullable() })),
    }),
  )
  .mutation(async ({ ctx, input }) => {
    const dataset = await ctx.stores.datasets.get(input.dataset);
    let plan: Plan | null = null;
    try {
      plan = readPlan(input.plan, "audit.yaml");
      const prepared = prepareFor(plan, dataset, ctx.services);
      return { ok: true, problems: [], plan, audits: auditsOf(prepared) };
    } catch (error) {
      if (!isAssayError(error) || error.code !== "plan-invalid") throw error;
      return { ok: false, problems: [...error.problems], plan, audits: [] };
    }
  });

/**
 * Binds a plan to a dataset's columns, its row filter included.
 * @throws AssayError plan-invalid with every problem
 */
export function prepareFor(plan: Plan, dataset: DatasetDetail, services: Services): Prepared {
  const problems: Problem[] =
    plan.data.where === undefined ? [] : [...services.datasets.checkWhere(plan.data.where, dataset.columns)];
  try {
    const prepared = preparePlan(plan, dataset.columns, { name: "audit.yaml" });
    if (problems.length > 0) throw planError("audit.yaml", problems);
    return prepared;
  } catch (error) {
    if (!isAssayError(error) || error.code !== "plan-invalid" || problems.length === 0) throw error;
    throw planError("audit.yaml", [...problems, ...error.problems.filter((one) => !problems.includes(one))]);
  }
}

function auditsOf(prepared: Prepared) {
  return registry.map(({ id }) => {
    const skipped = prepared.skipped.find((one) => one.id === id);
    return {
      id,
      runs: prepared.audits.some((audit) => audit.definition.id === id),
      reason: skipped?.reason ?? null,
    };
  });
}

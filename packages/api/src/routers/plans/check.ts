import { type Prepared, preparePlan, registry } from "@assay/audits";
import type { DatasetDetail } from "@assay/db";
import { AuditId, isAssayError, LocalizedText, Plan, planError, readPlan } from "@assay/schema";
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
      const prepared = await prepareFor(plan, dataset, ctx.services);
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
export async function prepareFor(plan: Plan, dataset: DatasetDetail, services: Services): Promise<Prepared> {
  const columns = await services.datasets.columns(dataset, plan.data);
  const where = plan.data.where === undefined ? [] : services.datasets.checkWhere(plan.data.where, columns);
  try {
    const prepared = preparePlan(plan, columns, { name: "audit.yaml" });
    if (where.length === 0) return prepared;
  } catch (error) {
    if (!isAssayError(error) || error.code !== "plan-invalid" || where.length === 0) throw error;
    throw planError("audit.yaml", [...where, ...error.problems]);
  }
  throw planError("audit.yaml", where);
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

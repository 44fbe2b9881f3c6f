import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openDataset } from "@assay/dataset/node";
import type { Measure, PlanInput } from "@assay/schema";
import { type AuditRun, runAudit } from "../../testing/run-audit.ts";
import { groupMetrics } from "./index.ts";

const file = fileURLToPath(new URL("../../../../../../shared/data/compas-scores-two-years.csv", import.meta.url));

/** ProPublica's file is other people's data: it lies beside the repository, or tests skip. */
export const hasCompas = existsSync(file);

/** The audit of ProPublica's COMPAS file by these columns. */
export async function auditCompas(
  columns: PlanInput["columns"],
  settings: Readonly<Record<string, unknown>>,
  shards = 1,
): Promise<AuditRun> {
  const dataset = await openDataset(file, {
    name: "compas",
    source: { missing: [""] },
    signal: new AbortController().signal,
  });
  try {
    const plan: PlanInput = {
      version: 1,
      data: { file: "compas.csv" },
      columns,
      audits: { "fairness.group-metrics": settings },
    };
    return await runAudit(
      groupMetrics,
      plan,
      dataset.columns,
      async (prepared) => (await dataset.load(prepared.requests)).table,
      shards,
    );
  } finally {
    await dataset.close();
  }
}

/** The one measure about this; null where there is none. */
export function measureOf(run: AuditRun, about: Partial<Measure>): Measure | null {
  const keys = ["metric", "group", "by", "class", "stratum"] as const;
  return (
    run.measures.find((one) => keys.every((key) => JSON.stringify(one[key]) === JSON.stringify(about[key]))) ?? null
  );
}

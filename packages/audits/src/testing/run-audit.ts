import { type Device, openDevice } from "@assay/compute";
import { type CodedTable, sliceTable } from "@assay/dataset";
import {
  checkPlan,
  decodeSummary,
  encodeSummary,
  type Finding,
  type PlanInput,
  type SummaryValue,
} from "@assay/schema";
import type { AuditDefinition, Conclusion, GivenMetric } from "../define.ts";
import { placeFindings } from "../place-findings.ts";
import { preparePlan } from "../prepare.ts";
import type { KnownColumn } from "../roles.ts";

export interface AuditRun extends Conclusion {
  readonly summary: SummaryValue;
  readonly findings: readonly Finding[];
  /** What the audit says it gives. */
  readonly gives: readonly GivenMetric[];
  /** Milliseconds that conclude took. */
  readonly concludeMs: number;
}

/** Runs one audit of a plan on a table that is in memory, in as many shards as asked, the way a run does. */
export async function runAudit(
  definition: AuditDefinition,
  plan: PlanInput,
  columns: readonly KnownColumn[],
  load: (prepared: ReturnType<typeof preparePlan>) => CodedTable | Promise<CodedTable>,
  shards = 1,
  device?: Device,
): Promise<AuditRun> {
  const prepared = preparePlan(checkPlan(plan), columns, { registry: [definition] });
  const audit = prepared.audits[0];
  if (!audit) throw new Error("the plan does not run the audit");
  const table = await load(prepared);
  const own = device ?? (await openDevice("cpu"));
  try {
    const context = {
      input: audit.input,
      plan: prepared.plan,
      roles: prepared.roles,
      device: own,
      model: null,
      signal: new AbortController().signal,
    };
    let summary: SummaryValue | undefined;
    for (let index = 0; index < shards; index++) {
      const start = Math.floor((table.rows * index) / shards);
      const end = Math.floor((table.rows * (index + 1)) / shards);
      const step = {
        id: `${definition.id}/0/${index}`,
        audit: definition.id,
        round: 0,
        index,
        start,
        end,
        detail: null,
      };
      const part = await definition.measure(sliceTable(table, start, end), step, {
        ...context,
        table,
        background: null,
        machine: null,
      });
      // Through its text, as it travels between threads and machines.
      const travelled = decodeSummary(encodeSummary(part));
      summary = summary === undefined ? travelled : definition.merge(summary, travelled);
    }
    if (summary === undefined) throw new Error("nothing was measured");
    const started = performance.now();
    const conclusion = await definition.conclude(summary, context);
    const concludeMs = performance.now() - started;
    return {
      ...conclusion,
      summary,
      findings: placeFindings(definition.judge(conclusion, context), conclusion),
      gives: audit.gives,
      concludeMs,
    };
  } finally {
    if (!device) own.dispose();
  }
}

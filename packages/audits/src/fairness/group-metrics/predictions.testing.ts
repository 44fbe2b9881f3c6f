import type { CodedTable } from "@assay/dataset";
import type { Measure, PlanInput } from "@assay/schema";
import { numberColumn, tableOf, textColumn } from "../../testing/coded-table.ts";
import { type AuditRun, runAudit } from "../../testing/run-audit.ts";
import { groupMetrics } from "./index.ts";

/** A row of a prediction beside its label, as the file's texts. */
export interface PredictedRow {
  readonly group: string | null;
  readonly stratum?: string | null;
  readonly label?: string | null;
  readonly prediction: string | null;
  readonly weight?: number | null;
}

export interface PredictedOptions {
  readonly columns?: Partial<PlanInput["columns"]>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly shards?: number;
  /** What the file says of the columns of label and prediction. */
  readonly types?: {
    readonly label?: "integer" | "number" | "text";
    readonly prediction?: "integer" | "number" | "text";
  };
  /** Times each row stands for. */
  readonly counts?: readonly number[];
}

/** Runs the audit over predictions of a group, as far as the plan names columns. */
export function auditPredictions(rows: readonly PredictedRow[], options: PredictedOptions = {}): Promise<AuditRun> {
  const hasLabel = rows.some((row) => row.label !== undefined);
  const plan: PlanInput = {
    version: 1,
    data: { file: "rows.csv" },
    columns: {
      prediction: "prediction",
      protected: ["group"],
      ...(hasLabel ? { label: "label" } : {}),
      ...options.columns,
    },
    audits: { "fairness.group-metrics": { replicates: 499, ...options.settings } },
  };
  const known = [
    { name: "group", type: "text" as const },
    { name: "stratum", type: "text" as const },
    { name: "label", type: options.types?.label ?? "text" },
    { name: "prediction", type: options.types?.prediction ?? "text" },
    { name: "weight", type: "number" as const },
  ];
  return runAudit(groupMetrics, plan, known, () => tableFrom(rows, options.counts), options.shards ?? 1);
}

function tableFrom(rows: readonly PredictedRow[], counts: readonly number[] | undefined): CodedTable {
  const number = (text: string | null | undefined): number | null =>
    text === null || text === undefined ? null : Number(text);
  return tableOf(
    rows.length,
    [
      [{ kind: "text", column: "group" }, textColumn(rows.map((row) => row.group))],
      [{ kind: "text", column: "stratum" }, textColumn(rows.map((row) => row.stratum ?? null))],
      [{ kind: "text", column: "label" }, textColumn(rows.map((row) => row.label ?? null))],
      [{ kind: "text", column: "prediction" }, textColumn(rows.map((row) => row.prediction))],
      [{ kind: "number", column: "label" }, numberColumn(rows.map((row) => number(row.label)))],
      [{ kind: "number", column: "prediction" }, numberColumn(rows.map((row) => number(row.prediction)))],
      [{ kind: "number", column: "weight" }, numberColumn(rows.map((row) => row.weight ?? null))],
    ],
    counts ?? null,
  );
}

/** The one measure about this. */
export function measureIn(run: AuditRun, about: Partial<Measure>): Measure {
  const keys = ["metric", "group", "by", "class", "stratum"] as const;
  const found = run.measures.find((one) =>
    keys.every((key) => JSON.stringify(one[key]) === JSON.stringify(about[key])),
  );
  if (!found) throw new Error(`no measure ${JSON.stringify(about)}`);
  return found;
}

/** Names that are code or direction somewhere. */
export const hostileNames = [
  "<img src=x onerror=alert(1)>",
  "=cmd|' /C calc'!A0",
  "🦊👩‍👩‍👧",
  "\u202Egnp.exe",
  "**bold** | cell",
  'a\nb,"c"',
  "+1",
  "@x",
] as const;

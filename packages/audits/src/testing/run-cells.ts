import type { Device } from "@assay/compute";
import { type CodedTable, type Column, type ColumnRequest, requestKey } from "@assay/dataset";
import { AuditResult, checkPlan, type Measure, type PlanInput } from "@assay/schema";
import type { AuditDefinition } from "../define.ts";
import { inProcess } from "../executors/in-process.ts";
import { preparePlan } from "../prepare.ts";
import type { KnownColumn } from "../roles.ts";
import { runAudits } from "../run.ts";
import { cutShards } from "../shards.ts";
import { numberColumn, textColumn } from "./coded-table.ts";

export type Cells = Readonly<Record<string, readonly (string | number | null)[]>>;

export interface RunCellsOptions {
  readonly definition: AuditDefinition;
  readonly device: Device;
  readonly columns: PlanInput["columns"];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly shards?: number;
  readonly seed?: number;
  /** Times each row stands for. */
  readonly counts?: readonly number[];
}

/** Runs one audit, for tests, over columns of plain values, through the plan and the fold as a real run would. */
export async function runCells(cells: Cells, options: RunCellsOptions): Promise<AuditResult> {
  const known = Object.entries(cells).map(
    ([name, values]): KnownColumn => ({ name, type: values.every(isNumberLike) ? "number" : "text" }),
  );
  const rows = Object.values(cells)[0]?.length ?? 0;
  const { definition, device } = options;
  const plan = checkPlan({
    version: 1,
    data: { file: "rows.csv" },
    columns: options.columns,
    audits: { [definition.id]: options.settings ?? {} },
    seed: options.seed ?? 7,
  });
  const prepared = preparePlan(plan, known, { registry: [definition] });
  const table: CodedTable = {
    rows,
    counts: options.counts ? Float64Array.from(options.counts) : null,
    columns: Object.fromEntries(
      prepared.requests.map((request): [string, Column] => [
        requestKey(request),
        columnOf(request, cells[request.column] ?? []),
      ]),
    ),
  };
  const { body } = await runAudits({
    prepared,
    data: {
      rows,
      rowsRead: rows,
      digest: `sha256:${"0".repeat(64)}`,
      format: "csv",
      encoding: "utf-8",
      columns: [],
      warnings: [],
    },
    shards: cutShards(rows, options.shards ?? 1),
    executor: inProcess({ prepared, table, device }),
    device,
    signal: new AbortController().signal,
  });
  const result = body.audits[0];
  if (result?.status !== "completed") throw new Error(`not completed: ${result?.reason?.en}`);
  return AuditResult.parse(result);
}

/** The measure with exactly these keys: no class, feature or group unless asked for. */
export function measureOf(result: AuditResult, metric: string, key: Partial<Measure> = {}): Measure {
  const found = result.measures.find(
    (one) => one.metric === metric && one.class === key.class && one.feature === key.feature && one.group === undefined,
  );
  if (!found) throw new Error(`no measure ${metric} ${JSON.stringify(key)}`);
  return found;
}

function isNumberLike(value: string | number | null): boolean {
  return value === null || (value !== "" && Number.isFinite(Number(value)));
}

export function columnOf(request: ColumnRequest, values: readonly (string | number | null)[]): Column {
  if (request.kind === "number") return numberColumn(values.map((value) => (value === null ? null : Number(value))));
  const texts = values.map((value) => (value === null ? null : String(value)));
  if (request.kind === "text") return textColumn(texts);
  const isYes = (text: string): boolean =>
    request.kind === "equals"
      ? request.equals.includes(text)
      : request.kind === "at-least" && Number(text) >= request.bound;
  return textColumn(
    texts.map((text) => (text === null ? null : isYes(text) ? "1" : "0")),
    ["0", "1"],
  );
}

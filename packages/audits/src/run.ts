import { type Device, isDeviceFailure } from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import { sliceTable } from "@assay/dataset";
import { isEndpointFailure } from "@assay/models";
import {
  AssayError,
  type AuditId,
  AuditResult,
  digestBytes,
  digestSummary,
  type Gate,
  isAssayError,
  type LocalizedText,
  ReportBody,
  type ReportData,
  type SummaryValue,
  withoutFeedbackCells,
} from "@assay/schema";
import type { AuditModel } from "./audit-model.ts";
import type { AuditContext, AuditDefinition, Machine, Shards, Step } from "./define.ts";
import { judgeGate } from "./gate.ts";
import { MergeTree } from "./merge-tree.ts";
import { placeFindings } from "./place-findings.ts";
import type { Prepared, PreparedAudit } from "./prepare.ts";
import { suppressSmallCells } from "./suppression/index.ts";

/**
 * Who measures steps: this thread, worker threads, a job queue. Yields every step's summary once, in any order.
 * A summary measured before (a run taken over after a crash) is yielded without measuring it again.
 */
export interface Executor {
  run(
    steps: readonly Step[],
    signal: AbortSignal,
  ): AsyncIterable<{ readonly step: Step; readonly summary: SummaryValue }>;
}

export interface Progress {
  readonly audit: AuditId;
  readonly round: number;
  /** Steps of this round. */
  readonly done: number;
  readonly total: number;
  readonly auditsDone: number;
  readonly auditsTotal: number;
}

export interface RunOptions {
  readonly prepared: Prepared;
  readonly data: ReportData;
  readonly shards: Shards;
  readonly executor: Executor;
  readonly device: Device;
  /** The plan's model, opened; without it, audits that need one fail. */
  readonly model?: AuditModel | null;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Each audit's result once it is there; of none where small cells are withheld, for which all are needed. */
  readonly onResult?: (result: AuditResult) => void;
}

export interface RunResult {
  readonly body: ReportBody;
  /** Files beside the report, by name. */
  readonly artifacts: ReadonlyMap<string, Uint8Array | string>;
}

/**
 * Runs a prepared plan. An audit that fails is told in its place and the others go on; only an abort ends the run, and a
 * GPU that fails: no audit after it could be measured on it, and a report is not made of what two devices gave. An endpoint
 * that fails ends it too: what it was not asked is half a report.
 * @throws AssayError cancelled when the signal is aborted; device-failed, device-lost, device-out-of-memory and
 *   device-timeout of a GPU; timeout, unreachable, rate-limited, unauthorized, forbidden, not-found and model-invalid of an
 *   endpoint
 */
export async function runAudits(options: RunOptions): Promise<RunResult> {
  const { prepared, signal } = options;
  const results: AuditResult[] = prepared.skipped.map(({ id, version, reason }) =>
    checked({ ...emptyResult(id, version), status: "skipped", reason }),
  );
  const artifacts = new Map<string, Uint8Array | string>();
  for (const [index, audit] of prepared.audits.entries()) {
    throwIfAborted(signal);
    try {
      const { result, files } = await runOne(audit, index, options);
      results.push(result);
      if (prepared.plan.suppress_below === undefined) options.onResult?.(result);
      for (const [name, content] of Object.entries(files)) artifacts.set(name, content);
    } catch (error) {
      throwIfAborted(signal);
      if (options.device.name !== "cpu" && isDeviceFailure(error)) throw error;
      if (options.model?.runtime === "endpoint" && isEndpointFailure(error)) throw error;
      results.push(
        checked({
          ...emptyResult(audit.definition.id, audit.definition.version),
          ...volatility(audit.definition),
          status: "failed",
          reason: reasonOf(error),
        }),
      );
    }
  }
  results.sort((a, b) => (a.id < b.id ? -1 : 1));
  const parsed = ReportBody.safeParse({
    plan: withoutFeedbackCells(prepared.plan),
    data: withNotes(options.data, options.model ?? null),
    model: options.model?.about ?? null,
    // Each was checked as it came in.
    audits: [],
    gate: { ...judgeGate(prepared.rules, results, prepared.audits), ...lawsOf(prepared) },
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AssayError("internal", `report: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const body: ReportBody = { ...parsed.data, audits: results };
  const below = prepared.plan.suppress_below;
  if (below === undefined) return { body, artifacts };
  const told = suppressSmallCells(body, below);
  return { body: told.body, artifacts: new Map([...artifacts].filter(([name]) => told.artifacts.has(name))) };
}

/** Why an audit failed; where memory ran out, what to do as well, for that is no fault of the audit's. */
function reasonOf(error: unknown): LocalizedText {
  const message = error instanceof Error ? error.message : String(error);
  const ranOut =
    (isAssayError(error) && error.code === "device-out-of-memory") ||
    (error instanceof RangeError && /alloc|memory|array length/i.test(message));
  if (!ranOut) return { en: message, "zh-CN": message };
  return {
    en: `the memory did not suffice (${message}); leave out columns or rows, close other programs, or run the plan with assay run on a machine with more`,
    "zh-CN": `内存不足（${message}）；请减少列或行、关闭其他程序，或在内存更大的机器上用 assay run 运行方案`,
  };
}

/** A report names no law that may have moved since: it holds what was known of it. */
function lawsOf({ policies }: Prepared): Pick<Gate, "policies"> {
  const laws = policies.filter((policy) => policy.clauses !== undefined);
  return laws.length === 0 ? {} : { policies: laws };
}

/** What the model says of the data that it was given. */
function withNotes(data: ReportData, model: AuditModel | null): ReportData {
  const notes = model?.notes() ?? [];
  return notes.length === 0 ? data : { ...data, warnings: [...data.warnings, ...notes] };
}

async function runOne(
  audit: PreparedAudit,
  position: number,
  options: RunOptions,
): Promise<{ result: AuditResult; files: Readonly<Record<string, Uint8Array | string>> }> {
  const { definition } = audit;
  const context = contextOf(audit, options);
  let summary: SummaryValue | undefined;
  for (let round = 0; ; round++) {
    const planned = definition.plan
      ? definition.plan(options.shards, context, summary === undefined ? null : { round: round - 1, summary })
      : round === 0
        ? options.shards.ranges.map((range) => ({ ...range, detail: null }))
        : null;
    if (planned === null) break;
    const steps = planned.map(
      ({ start, end, detail }, index): Step => ({
        id: `${definition.id}/${round}/${index}`,
        audit: definition.id,
        round,
        index,
        start,
        end,
        detail,
      }),
    );
    let done = 0;
    const tell = (): void =>
      options.onProgress?.({
        audit: definition.id,
        round,
        done,
        total: steps.length,
        auditsDone: position,
        auditsTotal: options.prepared.audits.length,
      });
    tell();
    const merging = new MergeTree<SummaryValue>((a, b) => definition.merge(a, b));
    if (summary !== undefined) merging.add(summary);
    for await (const { summary: part } of options.executor.run(steps, options.signal)) {
      throwIfAborted(options.signal);
      merging.add(part);
      done++;
      tell();
    }
    summary = merging.total();
    if (done !== steps.length) {
      throw new AssayError("internal", `${definition.id}: ${done} of ${steps.length} steps came back`);
    }
  }
  if (summary === undefined) throw new AssayError("internal", `${definition.id}: nothing was measured`);
  const conclusion = await definition.conclude(summary, context);
  throwIfAborted(options.signal);
  const files = conclusion.artifacts ?? {};
  return {
    files,
    result: checked({
      id: definition.id,
      version: definition.version,
      ...volatility(definition),
      status: "completed",
      summary: digestSummary(summary),
      measures: [...conclusion.measures],
      findings: placeFindings(definition.judge(conclusion, context), conclusion),
      figures: [...conclusion.figures],
      tables: [...conclusion.tables],
      artifacts: Object.entries(files).map(([name, content]) => ({ name, digest: digestBytes(content) })),
    }),
  };
}

/** A failure of such an audit may be the machine's, too. */
function volatility({ volatile }: AuditDefinition): Pick<AuditResult, "volatile"> {
  return volatile === true ? { volatile } : {};
}

/** An audit whose result no reader would accept, such as a NaN, has failed; the others stand. */
function checked(result: AuditResult): AuditResult {
  const parsed = AuditResult.safeParse(result);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AssayError("internal", `${result.id}: ${issue?.path.join(".")}: ${issue?.message}`);
}

/** Measures one step on this thread; what every executor runs in the end. */
export async function measureStep(
  step: Step,
  table: CodedTable,
  options: Pick<RunOptions, "prepared" | "device" | "model" | "signal"> & {
    readonly background?: CodedTable | null;
    readonly machine?: Machine | null;
  },
): Promise<SummaryValue> {
  const audit = options.prepared.audits.find((one) => one.definition.id === step.audit);
  if (!audit) throw new AssayError("internal", `step ${step.id}: the plan has no such audit`);
  throwIfAborted(options.signal);
  const context = {
    ...contextOf(audit, options),
    table,
    background: options.background ?? null,
    machine: options.machine ?? null,
  };
  return audit.definition.measure(sliceTable(table, step.start, step.end), step, context);
}

function contextOf(
  audit: PreparedAudit,
  options: Pick<RunOptions, "prepared" | "device" | "model" | "signal">,
): AuditContext<Record<string, unknown>> {
  return {
    input: audit.input,
    plan: options.prepared.plan,
    roles: options.prepared.roles,
    device: options.device,
    model: options.model ?? null,
    signal: options.signal,
  };
}

function emptyResult(id: AuditId, version: number): Omit<AuditResult, "status"> {
  return { id, version, summary: null, measures: [], findings: [], figures: [], tables: [], artifacts: [] };
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AssayError("cancelled", "cancelled");
}

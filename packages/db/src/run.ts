import { AssayError, type Digest, digestBytes, type ErrorCode, errorCodes, type Problem } from "@assay/schema";
import { executorOf, isDangling, isDuplicate, isMissing, type SqlExecutor } from "./client.ts";
import type { Prisma, PrismaClient } from "./generated/prisma/client.ts";

export type RunStatus = "queued" | "running" | "completed" | "failed" | "cancelled";
/** What a run is at where it is no audit: it asks the model about every row. */
export type RunStage = "predicting";
export type RunVerdict = "pass" | "fail" | "indeterminate" | "none";
export type FindingCounts = { fail: number; indeterminate: number; pass: number; info: number };
export const runSorts = ["duration", "newest", "oldest", "verdict"] as const;
export type RunSort = (typeof runSorts)[number];

export interface RunRow {
  readonly id: string;
  /** Counts up inside its project. */
  readonly number: number;
  readonly project: { readonly id: string; readonly slug: string; readonly name: string };
  readonly dataset: {
    readonly id: string;
    readonly name: string;
    readonly digest: Digest;
    readonly rows: number;
    /** A table of counts: its rows are lines that each stand for many. */
    readonly counts: boolean;
  } | null;
  /** The version that the plan's model stood for; null without a model, or where it was removed. */
  readonly model: {
    /** The version's id. */
    readonly id: string;
    /** The model's id and name. */
    readonly model: string;
    readonly name: string;
    readonly number: number;
    readonly fileName: string;
    readonly digest: Digest;
  } | null;
  readonly status: RunStatus;
  readonly verdict: RunVerdict | null;
  readonly origin: "server" | "pushed";
  /** The run whose plan this one's was made from, such as the audit that a mitigation answers; null where that was removed. */
  readonly source: { readonly id: string; readonly number: number } | null;
  /** The schedule that made it; null where people did, or it was removed. */
  readonly schedule: { readonly id: string; readonly name: string } | null;
  readonly progress: {
    readonly done: number;
    readonly total: number;
    readonly audit: string | null;
    readonly stage: RunStage | null;
  };
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly problems: Problem[] } | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** The plan's `project`. */
  readonly title: string;
  /** Findings by verdict. */
  readonly counts: FindingCounts;
}

export interface RunDetail extends RunRow {
  readonly planYaml: string;
  readonly shards: number | null;
  /** The data set of background rows, where the plan names a file of them. */
  readonly backgroundId: string | null;
  /** Raised with every visible change. */
  readonly revision: number;
}

export interface RunQuery {
  /** The id of the run whose plan theirs was made from. */
  readonly source?: string | undefined;
  /** The id of the schedule that made them. */
  readonly schedule?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly verdict?: RunVerdict | undefined;
  /** Part of the title or of the dataset's name, or the run's number. */
  readonly search?: string | undefined;
  readonly sort?: RunSort | undefined;
  /** From 1. */
  readonly page?: number | undefined;
  readonly pageSize?: number | undefined;
}

export interface NewRun {
  readonly projectId: string;
  readonly datasetId: string;
  readonly modelVersionId?: string | null | undefined;
  readonly backgroundId?: string | null | undefined;
  /** The id of the run whose plan this one's was made from. */
  readonly sourceId?: string | null | undefined;
  /** The id of the schedule that makes it. */
  readonly scheduleId?: string | null | undefined;
  readonly planYaml: string;
  readonly title: string;
  readonly shards?: number | undefined;
  readonly idempotencyKey?: string | undefined;
}

export interface PushedRun {
  readonly projectId: string;
  readonly planYaml: string;
  readonly title: string;
  readonly verdict: RunVerdict;
  readonly counts: FindingCounts;
  readonly startedAt: Date;
  readonly seconds: number;
  readonly report: { readonly digest: Digest; readonly json: string };
  readonly idempotencyKey?: string | undefined;
}

export interface RunStore {
  list(projectId: string, query: RunQuery): Promise<{ readonly items: RunRow[]; readonly total: number }>;
  /** @throws AssayError not-found */
  get(id: string): Promise<RunDetail>;
  find(id: string): Promise<RunDetail | null>;
  /** The project's run of that idempotency key. */
  findByKey(projectId: string, idempotencyKey: string): Promise<RunDetail | null>;
  /**
   * Makes a queued run; `enqueue` puts its job into the same transaction. The same idempotency key in a project is the
   * same run, and nothing is enqueued again.
   */
  create(run: NewRun, enqueue: (sql: SqlExecutor, id: string) => Promise<void>): Promise<RunDetail>;
  /** Keeps a report computed elsewhere as a completed run. */
  push(run: PushedRun): Promise<RunDetail>;
  /** Cancels a run that is not finished; false where it already is. @throws AssayError not-found */
  cancel(id: string): Promise<boolean>;
  /** @throws AssayError not-found */
  remove(id: string): Promise<void>;
}

export const runInclude = {
  project: { select: { id: true, slug: true, name: true } },
  dataset: { select: { id: true, name: true, digest: true, rows: true, counts: true } },
  modelVersion: {
    select: { id: true, number: true, fileName: true, digest: true, model: { select: { id: true, name: true } } },
  },
  plan: { select: { yaml: true, title: true } },
  source: { select: { id: true, number: true } },
  schedule: { select: { id: true, name: true } },
} as const satisfies Prisma.RunInclude;
type LoadedRun = Prisma.RunGetPayload<{ include: typeof runInclude }>;

export function runStore(client: PrismaClient): RunStore {
  const find = async (id: string) => {
    const row = await client.run.findUnique({ where: { id }, include: runInclude });
    return row && toRunDetail(row);
  };
  const findByKey = async (projectId: string, idempotencyKey: string) => {
    const row = await client.run.findUnique({
      where: { projectId_idempotencyKey: { projectId, idempotencyKey } },
      include: runInclude,
    });
    return row && toRunDetail(row);
  };
  const get = async (id: string) => {
    const run = await find(id);
    if (!run) throw missing(id);
    return run;
  };
  const insert = async (
    base: { projectId: string; planYaml: string; title: string; idempotencyKey?: string | undefined },
    write: (transaction: Prisma.TransactionClient, numbered: NumberedRun) => Promise<string>,
  ) => {
    const { projectId, idempotencyKey: key } = base;
    const before = key === undefined ? null : await findByKey(projectId, key);
    if (before) return before;
    try {
      const id = await client.$transaction(async (transaction) => {
        const { lastNumber } = await transaction.project.update({
          where: { id: base.projectId },
          data: { lastNumber: { increment: 1 } },
          select: { lastNumber: true },
        });
        const digest = digestBytes(base.planYaml);
        const plan = await transaction.plan.upsert({
          where: { projectId_digest: { projectId: base.projectId, digest } },
          create: { projectId: base.projectId, digest, yaml: base.planYaml, title: base.title },
          update: {},
          select: { id: true },
        });
        return write(transaction, {
          projectId: base.projectId,
          number: lastNumber,
          planId: plan.id,
          idempotencyKey: base.idempotencyKey ?? null,
        });
      });
      return await get(id);
    } catch (error) {
      if (isMissing(error)) throw new AssayError("not-found", "the project was removed");
      if (isDangling(error)) {
        throw new AssayError("not-found", "the dataset or the model of the run was removed meanwhile; push it again");
      }
      const same = isDuplicate(error) && key !== undefined ? await findByKey(projectId, key) : null;
      if (same) return same;
      throw error;
    }
  };

  return {
    find,
    findByKey,
    get,
    async list(projectId, { source, schedule, status, verdict, search, sort = "newest", page = 1, pageSize = 25 }) {
      const number = search !== undefined && /^#?\d{1,9}$/.test(search) ? Number(search.replace("#", "")) : undefined;
      const text = search === undefined || search === "" ? undefined : search;
      const where: Prisma.RunWhereInput = {
        projectId,
        ...(source === undefined ? {} : { sourceId: source }),
        ...(schedule === undefined ? {} : { scheduleId: schedule }),
        ...(status === undefined ? {} : { status }),
        ...(verdict === undefined ? {} : { verdict }),
        ...(text === undefined
          ? {}
          : {
              OR: [
                { plan: { title: { contains: text, mode: "insensitive" } } },
                { dataset: { name: { contains: text, mode: "insensitive" } } },
                ...(number === undefined ? [] : [{ number }]),
              ],
            }),
      };
      const [rows, total] = await Promise.all([
        client.run.findMany({
          where,
          include: runInclude,
          orderBy: orders[sort],
          skip: (page - 1) * pageSize,
          take: pageSize,
        }),
        client.run.count({ where }),
      ]);
      return { items: rows.map(toRunRow), total };
    },
    create: ({ datasetId, modelVersionId, backgroundId, sourceId, scheduleId, shards, ...base }, enqueue) =>
      insert(base, async (transaction, numbered) => {
        const { id } = await transaction.run.create({
          data: {
            ...numbered,
            datasetId,
            modelVersionId: modelVersionId ?? null,
            backgroundId: backgroundId ?? null,
            sourceId: sourceId ?? null,
            scheduleId: scheduleId ?? null,
            origin: "server",
            status: "queued",
            shards: shards ?? null,
          },
          select: { id: true },
        });
        await enqueue(executorOf(transaction), id);
        return id;
      }),
    push: ({ report, counts, startedAt, seconds, verdict, ...base }) =>
      insert(base, async (transaction, numbered) => {
        const durationMs = Math.round(seconds * 1000);
        const { id } = await transaction.run.create({
          data: {
            ...numbered,
            ...countColumns(counts),
            origin: "pushed",
            status: "completed",
            verdict,
            startedAt,
            finishedAt: new Date(startedAt.getTime() + durationMs),
            durationMs,
            report: { create: report },
          },
          select: { id: true },
        });
        return id;
      }),
    async cancel(id) {
      const { count } = await client.run.updateMany({
        where: { id, status: { in: ["queued", "running"] } },
        data: { status: "cancelled", finishedAt: new Date() },
      });
      if (count === 0) await get(id);
      return count > 0;
    },
    async remove(id) {
      try {
        await client.run.delete({ where: { id }, select: { id: true } });
      } catch (error) {
        throw isMissing(error) ? missing(id) : error;
      }
    },
  };
}

interface NumberedRun {
  readonly projectId: string;
  readonly number: number;
  readonly planId: string;
  readonly idempotencyKey: string | null;
}

const orders = {
  duration: [{ durationMs: { sort: "desc", nulls: "last" } }, { number: "desc" }],
  newest: [{ number: "desc" }],
  oldest: [{ number: "asc" }],
  verdict: [{ verdict: { sort: "asc", nulls: "last" } }, { number: "desc" }],
} satisfies Record<RunSort, Prisma.RunOrderByWithRelationInput[]>;

function missing(id: string): AssayError {
  return new AssayError("not-found", `no run "${id}"; it may have been removed`);
}

export function countColumns(counts: FindingCounts) {
  return {
    findingsFail: counts.fail,
    findingsIndeterminate: counts.indeterminate,
    findingsPass: counts.pass,
    findingsInfo: counts.info,
  };
}

export function toRunRow(row: LoadedRun): RunRow {
  return {
    id: row.id,
    number: row.number,
    project: row.project,
    dataset: row.dataset && {
      ...row.dataset,
      digest: row.dataset.digest as Digest,
      rows: Number(row.dataset.rows),
    },
    model: row.modelVersion && {
      id: row.modelVersion.id,
      model: row.modelVersion.model.id,
      name: row.modelVersion.model.name,
      number: row.modelVersion.number,
      fileName: row.modelVersion.fileName,
      digest: row.modelVersion.digest as Digest,
    },
    status: row.status,
    verdict: row.verdict,
    origin: row.origin,
    source: row.source,
    schedule: row.schedule,
    progress: {
      done: row.stepsDone,
      total: row.stepsTotal,
      audit: row.audit,
      stage: row.stage === "predicting" ? "predicting" : null,
    },
    error: errorOf(row),
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    title: row.plan.title,
    counts: {
      fail: row.findingsFail,
      indeterminate: row.findingsIndeterminate,
      pass: row.findingsPass,
      info: row.findingsInfo,
    },
  };
}

function toRunDetail(row: LoadedRun): RunDetail {
  return {
    ...toRunRow(row),
    planYaml: row.plan.yaml,
    shards: row.shards,
    backgroundId: row.backgroundId,
    revision: row.revision,
  };
}

/** What a job was told to have failed of; null where it did not. */
export function errorOf(row: {
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly problemsJson: string;
}): RunRow["error"] {
  if (row.errorCode === null) return null;
  return {
    code: isCode(row.errorCode) ? row.errorCode : "internal",
    message: row.errorMessage ?? "",
    problems: JSON.parse(row.problemsJson) as Problem[],
  };
}

function isCode(code: string): code is ErrorCode {
  return code in errorCodes;
}

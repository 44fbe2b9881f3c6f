import { AssayError, type Comparison, type Digest } from "@assay/schema";
import { executorOf, isDangling, isDuplicate, isMissing, type SqlExecutor } from "./client.ts";
import type { Prisma, PrismaClient } from "./generated/prisma/client.ts";
import { errorOf, type RunRow, type RunStatus } from "./run.ts";

/** What a comparison is at: it reads one side or the other, asks a model about the rows, or compares. */
export const comparisonStages = ["reading", "predicting", "comparing"] as const;
export type ComparisonStage = (typeof comparisonStages)[number];

/** One of the two runs, as lists show it. */
export type ComparedRunRow = Pick<RunRow, "id" | "number" | "title">;

export interface ComparisonRow {
  readonly id: string;
  readonly project: RunRow["project"];
  /** How it was. */
  readonly from: ComparedRunRow;
  /** How it is now. */
  readonly to: ComparedRunRow;
  readonly status: RunStatus;
  readonly verdict: Comparison["verdict"] | null;
  /** Rows that were paired; null until it is completed, and where they could not be. */
  readonly rows: number | null;
  readonly settings: ComparisonSettings;
  /** `done` of a hundred. */
  readonly progress: { readonly done: number; readonly total: number; readonly stage: ComparisonStage | null };
  readonly error: RunRow["error"];
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface ComparisonDetail extends ComparisonRow {
  /** Null until it is completed. */
  readonly result: Comparison | null;
  /** Raised with every visible change. */
  readonly revision: number;
}

export interface ComparisonSettings {
  readonly confidence: number;
  /** Draws of the paired tests. */
  readonly replicates: number;
  readonly seed: number;
}

export interface NewComparison {
  readonly projectId: string;
  readonly fromId: string;
  readonly toId: string;
  /** Digest of what is compared and how. */
  readonly key: Digest;
  readonly settings: ComparisonSettings;
}

export interface ComparisonQuery {
  /** Ids of runs. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly status?: RunStatus | undefined;
  /** From 1. */
  readonly page?: number | undefined;
  readonly pageSize?: number | undefined;
}

export interface ComparisonStore {
  /** Newest first. */
  list(projectId: string, query: ComparisonQuery): Promise<{ readonly items: ComparisonRow[]; readonly total: number }>;
  /** @throws AssayError not-found */
  get(id: string): Promise<ComparisonDetail>;
  /**
   * Makes a queued comparison; `enqueue` puts its job into the same transaction. The same key of the same runs is the same
   * comparison, and nothing is enqueued again; one that failed or was cancelled makes way for a new one.
   * @throws AssayError not-found where a run was removed meanwhile
   */
  create(
    comparison: NewComparison,
    enqueue: (sql: SqlExecutor, id: string) => Promise<void>,
  ): Promise<ComparisonDetail>;
  /** Cancels one that is not finished; false where it already is. @throws AssayError not-found */
  cancel(id: string): Promise<boolean>;
  /** @throws AssayError not-found */
  remove(id: string): Promise<void>;
}

const run = { select: { id: true, number: true, plan: { select: { title: true } } } } as const;
const include = {
  project: { select: { id: true, slug: true, name: true } },
  from: run,
  to: run,
} as const satisfies Prisma.ComparisonInclude;
// A result is large: lists leave it in the database.
const omit = { json: true } as const satisfies Prisma.ComparisonOmit;
type Listed = Prisma.ComparisonGetPayload<{ include: typeof include; omit: typeof omit }>;

export function comparisonStore(client: PrismaClient): ComparisonStore {
  const get = async (id: string): Promise<ComparisonDetail> => {
    const row = await client.comparison.findUnique({ where: { id }, include });
    if (row === null) throw missing(id);
    const result = row.json === null ? null : (JSON.parse(row.json) as Comparison);
    return { ...toRow(row), result, revision: row.revision };
  };
  return {
    get,
    async list(projectId, { from, to, status, page = 1, pageSize = 25 }) {
      const where: Prisma.ComparisonWhereInput = {
        projectId,
        ...(from === undefined ? {} : { fromId: from }),
        ...(to === undefined ? {} : { toId: to }),
        ...(status === undefined ? {} : { status }),
      };
      const [rows, total] = await Promise.all([
        client.comparison.findMany({
          where,
          include,
          omit,
          orderBy: [{ createdAt: "desc" }, { id: "desc" }],
          skip: (page - 1) * pageSize,
          take: pageSize,
        }),
        client.comparison.count({ where }),
      ]);
      return { items: rows.map(toRow), total };
    },
    async create({ projectId, fromId, toId, key, settings }, enqueue) {
      const pair = { fromId_toId_key: { fromId, toId, key } };
      for (let attempt = 0; ; attempt++) {
        const same = await client.comparison.findUnique({ where: pair, select: { id: true, status: true } });
        const ended = same?.status === "failed" || same?.status === "cancelled";
        if (same !== null && !ended) return get(same.id);
        try {
          const id = await client.$transaction(async (transaction) => {
            if (same !== null) await transaction.comparison.deleteMany({ where: { id: same.id } });
            const made = await transaction.comparison.create({
              data: { projectId, fromId, toId, key, ...settings, seed: BigInt(settings.seed) },
              select: { id: true },
            });
            await enqueue(executorOf(transaction), made.id);
            return made.id;
          });
          return await get(id);
        } catch (error) {
          if (isDangling(error)) throw new AssayError("not-found", "one of the two runs was removed meanwhile");
          // Who asks at the same time finds what the other made.
          if (!isDuplicate(error) || attempt >= 4) throw error;
        }
      }
    },
    async cancel(id) {
      const { count } = await client.comparison.updateMany({
        where: { id, status: { in: ["queued", "running"] } },
        data: { status: "cancelled", stage: null, finishedAt: new Date() },
      });
      if (count === 0) await get(id);
      return count > 0;
    },
    async remove(id) {
      try {
        await client.comparison.delete({ where: { id }, select: { id: true } });
      } catch (error) {
        throw isMissing(error) ? missing(id) : error;
      }
    },
  };
}

function missing(id: string): AssayError {
  return new AssayError("not-found", `no comparison "${id}"; it, or one of its runs, may have been removed`);
}

/** Verdict and stage were written by a worker, from values of these types. */
function toRow(row: Listed): ComparisonRow {
  const side = ({ id, number, plan }: Listed["from"]): ComparedRunRow => ({ id, number, title: plan.title });
  return {
    id: row.id,
    project: row.project,
    from: side(row.from),
    to: side(row.to),
    status: row.status,
    verdict: row.verdict as Comparison["verdict"] | null,
    rows: row.rows === null ? null : Number(row.rows),
    settings: { confidence: row.confidence, replicates: row.replicates, seed: Number(row.seed) },
    progress: { done: row.done, total: 100, stage: row.stage as ComparisonStage | null },
    error: errorOf(row),
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

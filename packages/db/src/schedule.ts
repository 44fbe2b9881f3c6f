import { AssayError, type Digest, type ErrorCode, type Problem } from "@assay/schema";
import { isDangling, isDuplicate, isMissing } from "./client.ts";
import type { Prisma, PrismaClient } from "./generated/prisma/client.ts";
import { errorOf, type RunRow, runInclude, toRunRow } from "./run.ts";

/** What came of a due time: a run, nothing new to run on, the last run still under way, or why none could be made. */
export const scheduleOutcomes = ["run", "unchanged", "busy", "failed"] as const;
export type ScheduleOutcome = (typeof scheduleOutcomes)[number];

/** A due time that has passed. */
export interface ScheduleTickRow {
  readonly dueAt: string;
  readonly outcome: ScheduleOutcome;
  /** Null where none was made, or it was removed. */
  readonly run: RunRow | null;
  readonly error: RunRow["error"];
  /** What became of its notices, one a line; empty where there was none to send. */
  readonly notice: string;
}

export interface ScheduleRow {
  readonly id: string;
  readonly project: RunRow["project"];
  readonly name: string;
  /** Its data: the newest dataset of that name. */
  readonly dataset: string;
  /** Five fields. */
  readonly cron: string;
  /** As IANA names it. */
  readonly timeZone: string;
  /** Runs also where nothing that it reads has changed since its last run. */
  readonly runUnchanged: boolean;
  /** Tells of failed checks and errors. */
  readonly notify: boolean;
  readonly enabled: boolean;
  /** Null while it is paused, and where no time comes any more. */
  readonly nextAt: string | null;
  readonly createdAt: string;
  /** The newest due time; null before the first. */
  readonly last: ScheduleTickRow | null;
  /** Its newest run. */
  readonly lastRun: RunRow | null;
}

export interface ScheduleDetail extends ScheduleRow {
  readonly planYaml: string;
}

/** What is written of a schedule. */
export interface ScheduleSettings {
  readonly name: string;
  readonly planYaml: string;
  readonly dataset: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly runUnchanged: boolean;
  readonly notify: boolean;
  readonly enabled: boolean;
  readonly nextAt: Date | null;
}

/** What a schedule's newest run was made of. */
export interface ScheduledRun {
  readonly id: string;
  readonly status: RunRow["status"];
  readonly planYaml: string;
  readonly datasetId: string | null;
  readonly modelVersionId: string | null;
  readonly backgroundId: string | null;
  /** Of the reports of people affected that it counted; null where its plan did not ask. */
  readonly feedbackDigest: Digest | null;
}

export interface ScheduleTick {
  readonly dueAt: Date;
  readonly outcome: ScheduleOutcome;
  readonly runId: string | null;
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly problems: readonly Problem[] } | null;
}

export interface ScheduleStore {
  /** By name. */
  list(projectId: string): Promise<ScheduleRow[]>;
  /** @throws AssayError not-found */
  get(id: string): Promise<ScheduleDetail>;
  /** @throws AssayError already-exists where the project has one of that name; not-found where it was removed */
  create(projectId: string, settings: ScheduleSettings): Promise<ScheduleDetail>;
  /** Changes what is given. @throws AssayError not-found, already-exists */
  update(id: string, change: Partial<ScheduleSettings>): Promise<ScheduleDetail>;
  /** Its runs stay. @throws AssayError not-found */
  remove(id: string): Promise<void>;
  /** Due times that brought a run or an error, and the newest of all, newest first. */
  ticks(id: string, most: number): Promise<ScheduleTickRow[]>;
  /** Its newest run, whoever asked for it; null where it has none. */
  lastRun(id: string): Promise<ScheduledRun | null>;
  /** Keeps what came of a time; the same time or run again changes nothing. */
  record(id: string, tick: ScheduleTick): Promise<void>;
}

const tickInclude = { run: { include: runInclude } } as const satisfies Prisma.ScheduleTickInclude;
const include = {
  project: { select: { id: true, slug: true, name: true } },
  ticks: { orderBy: { dueAt: "desc" }, take: 1, include: tickInclude },
  runs: { orderBy: { number: "desc" }, take: 1, include: runInclude },
} as const satisfies Prisma.ScheduleInclude;
type LoadedSchedule = Prisma.ScheduleGetPayload<{ include: typeof include }>;
type LoadedTick = Prisma.ScheduleTickGetPayload<{ include: typeof tickInclude }>;

/** Errors of a schedule that are kept at most. */
const mostFailures = 200;

export function scheduleStore(client: PrismaClient): ScheduleStore {
  const get = async (id: string): Promise<ScheduleDetail> => {
    const row = await client.schedule.findUnique({ where: { id }, include });
    if (row === null) throw missing(id);
    return { ...toRow(row), planYaml: row.planYaml };
  };
  return {
    get,
    async list(projectId) {
      const rows = await client.schedule.findMany({ where: { projectId }, include, orderBy: { name: "asc" } });
      return rows.map(toRow);
    },
    async create(projectId, { dataset, ...settings }) {
      try {
        const { id } = await client.schedule.create({
          data: { ...settings, projectId, datasetName: dataset },
          select: { id: true },
        });
        return await get(id);
      } catch (error) {
        if (isDangling(error)) throw new AssayError("not-found", "the project was removed");
        throw isDuplicate(error) ? taken(settings.name) : error;
      }
    },
    async update(id, { dataset, ...change }) {
      try {
        await client.schedule.update({
          where: { id },
          data: {
            ...change,
            ...(dataset === undefined ? {} : { datasetName: dataset }),
            // A due time that is being worked on is no longer the schedule's.
            ...(change.nextAt === undefined ? {} : { claimedUntil: null }),
          },
          select: { id: true },
        });
      } catch (error) {
        if (isMissing(error)) throw missing(id);
        throw isDuplicate(error) ? taken(change.name ?? "") : error;
      }
      return get(id);
    },
    async remove(id) {
      try {
        await client.schedule.delete({ where: { id }, select: { id: true } });
      } catch (error) {
        throw isMissing(error) ? missing(id) : error;
      }
    },
    async ticks(id, most) {
      const rows = await client.scheduleTick.findMany({
        where: { scheduleId: id },
        include: tickInclude,
        orderBy: { dueAt: "desc" },
        take: most,
      });
      return rows.map(toTick);
    },
    async lastRun(id) {
      const row = await client.run.findFirst({
        where: { scheduleId: id },
        orderBy: { number: "desc" },
        select: {
          ...{ id: true, status: true, datasetId: true, modelVersionId: true, backgroundId: true },
          plan: { select: { yaml: true } },
          feedbackCounts: { select: { digest: true } },
        },
      });
      if (row === null) return null;
      const { plan, feedbackCounts, ...rest } = row;
      return { ...rest, planYaml: plan.yaml, feedbackDigest: (feedbackCounts?.digest ?? null) as Digest | null };
    },
    record: (id, tick) => recordTick(client, id, tick),
  };
}

/** Keeps what came of a due time, and of quiet ones and errors no more than people look at. */
export async function recordTick(
  client: PrismaClient | Prisma.TransactionClient,
  scheduleId: string,
  { dueAt, outcome, runId, error }: ScheduleTick,
): Promise<void> {
  const isQuiet = outcome === "unchanged" || outcome === "busy";
  // Twice the same time, or the same run, is one; what was removed meanwhile needs none.
  await client.$executeRaw`
    INSERT INTO "schedule_tick" ("scheduleId", "dueAt", "outcome", "runId", "errorCode", "errorMessage", "problemsJson", "told")
    SELECT ${scheduleId}, ${dueAt}::timestamptz, ${outcome}::"ScheduleOutcome", (SELECT "id" FROM "run" WHERE "id" = ${runId}),
      ${error?.code ?? null}, ${error?.message ?? null}, ${JSON.stringify(error?.problems ?? [])}, ${isQuiet}::boolean
    FROM "schedule" WHERE "id" = ${scheduleId}
    ON CONFLICT DO NOTHING`;
  await client.scheduleTick.deleteMany({
    where: { scheduleId, outcome: { in: ["unchanged", "busy"] }, dueAt: { lt: dueAt } },
  });
  await client.$executeRaw`
    DELETE FROM "schedule_tick" WHERE "scheduleId" = ${scheduleId} AND "outcome" = 'failed' AND "dueAt" IN (
      SELECT "dueAt" FROM "schedule_tick" WHERE "scheduleId" = ${scheduleId} AND "outcome" = 'failed'
      ORDER BY "dueAt" DESC OFFSET ${mostFailures})`;
}

function missing(id: string): AssayError {
  return new AssayError("not-found", `no schedule "${id}"; it may have been removed`);
}

function taken(name: string): AssayError {
  return new AssayError("already-exists", `the project has a schedule "${name}" already; choose another name`);
}

function toRow(row: LoadedSchedule): ScheduleRow {
  const [tick] = row.ticks;
  const [run] = row.runs;
  return {
    id: row.id,
    project: row.project,
    name: row.name,
    dataset: row.datasetName,
    cron: row.cron,
    timeZone: row.timeZone,
    runUnchanged: row.runUnchanged,
    notify: row.notify,
    enabled: row.enabled,
    nextAt: row.nextAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    last: tick === undefined ? null : toTick(tick),
    lastRun: run === undefined ? null : toRunRow(run),
  };
}

function toTick(row: LoadedTick): ScheduleTickRow {
  return {
    dueAt: row.dueAt.toISOString(),
    outcome: row.outcome,
    run: row.run && toRunRow(row.run),
    error: errorOf(row),
    notice: row.notice,
  };
}

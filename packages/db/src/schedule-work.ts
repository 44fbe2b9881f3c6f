import { executorOf, type SqlExecutor } from "./client.ts";
import type { Prisma, PrismaClient } from "./generated/prisma/client.ts";
import type { RunRow } from "./run.ts";
import { recordTick, type ScheduleOutcome, type ScheduleTick } from "./schedule.ts";

/** A schedule whose time has come, and which this server alone works on. */
export interface DueSchedule {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly planYaml: string;
  readonly dataset: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly runUnchanged: boolean;
  readonly dueAt: Date;
}

/** A due time whose end is known and was not told yet. */
export interface EndedTick {
  readonly scheduleId: string;
  readonly projectId: string;
  readonly dueAt: Date;
  readonly outcome: ScheduleOutcome;
  /** Whether the schedule tells of failed checks and errors. */
  readonly notify: boolean;
  readonly run: Pick<RunRow, "id" | "number" | "status" | "verdict"> | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** A server's side of schedules. */
export interface ScheduleWorkStore {
  /**
   * Takes the schedule that has been due the longest at `now`; null where none is. No other server takes it before `until`,
   * by which whoever took it must have settled it, else it is given to another.
   */
  claim(now: Date, until: Date): Promise<DueSchedule | null>;
  /** Keeps what came of a due time and sets the next; where the schedule was changed meanwhile its own next time stays. */
  settle(id: string, tick: ScheduleTick, nextAt: Date | null): Promise<void>;
  /** Due times whose end is known and was not told yet, oldest first. */
  ended(most: number): Promise<EndedTick[]>;
  /** The error that the due time before this one ended with, whatever quiet ones lie between; null where it had none. */
  errorBefore(scheduleId: string, dueAt: Date): Promise<EndedTick["error"]>;
  /** Marks a due time as told; `enqueue` puts notices into the same transaction. Of several servers one does it. */
  tell(scheduleId: string, dueAt: Date, enqueue: (sql: SqlExecutor) => Promise<void>): Promise<void>;
  /** The end of a due time, for its notice; null where it or its schedule is gone. */
  find(scheduleId: string, dueAt: Date): Promise<(EndedTick & { readonly name: string }) | null>;
  /** Writes down what became of a notice. */
  note(scheduleId: string, dueAt: Date, line: string): Promise<void>;
}

const include = {
  schedule: { select: { projectId: true, name: true, notify: true } },
  run: {
    select: { id: true, number: true, status: true, verdict: true, errorCode: true, errorMessage: true },
  },
} as const satisfies Prisma.ScheduleTickInclude;
type LoadedTick = Prisma.ScheduleTickGetPayload<{ include: typeof include }>;

export function scheduleWorkStore(client: PrismaClient): ScheduleWorkStore {
  return {
    async claim(now, until) {
      // Servers that look at once step over what another has just taken.
      const [row] = await client.$queryRaw<DueSchedule[]>`
        UPDATE "schedule" SET "claimedUntil" = ${until} WHERE "id" = (
          SELECT "id" FROM "schedule"
          WHERE "enabled" AND "nextAt" <= ${now} AND ("claimedUntil" IS NULL OR "claimedUntil" <= ${now})
          ORDER BY "nextAt" LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
        )
        RETURNING "id", "projectId", "name", "planYaml", "datasetName" AS "dataset", "cron", "timeZone", "runUnchanged",
          "nextAt" AS "dueAt"`;
      return row ?? null;
    },
    settle: (id, tick, nextAt) =>
      client.$transaction(async (transaction) => {
        await recordTick(transaction, id, tick);
        await transaction.schedule.updateMany({
          where: { id, nextAt: tick.dueAt },
          data: { nextAt, claimedUntil: null },
        });
      }),
    async ended(most) {
      const rows = await client.scheduleTick.findMany({
        where: {
          told: false,
          OR: [{ runId: null }, { run: { status: { in: ["completed", "failed", "cancelled"] } } }],
        },
        include,
        orderBy: { dueAt: "asc" },
        take: most,
      });
      return rows.map(toEnded);
    },
    async errorBefore(scheduleId, dueAt) {
      const row = await client.scheduleTick.findFirst({
        where: { scheduleId, dueAt: { lt: dueAt }, outcome: { in: ["run", "failed"] } },
        include,
        orderBy: { dueAt: "desc" },
      });
      return row && toEnded(row).error;
    },
    tell: (scheduleId, dueAt, enqueue) =>
      client.$transaction(async (transaction) => {
        const { count } = await transaction.scheduleTick.updateMany({
          where: { scheduleId, dueAt, told: false },
          data: { told: true },
        });
        if (count > 0) await enqueue(executorOf(transaction));
      }),
    async find(scheduleId, dueAt) {
      const row = await client.scheduleTick.findUnique({ where: { scheduleId_dueAt: { scheduleId, dueAt } }, include });
      return row && { ...toEnded(row), name: row.schedule.name };
    },
    async note(scheduleId, dueAt, line) {
      await client.$executeRaw`
        UPDATE "schedule_tick" SET "notice" = CASE WHEN "notice" = '' THEN ${line} ELSE "notice" || E'\n' || ${line} END
        WHERE "scheduleId" = ${scheduleId} AND "dueAt" = ${dueAt}`;
    },
  };
}

function toEnded({ schedule, run, ...tick }: LoadedTick): EndedTick {
  const code = run?.errorCode ?? tick.errorCode;
  return {
    scheduleId: tick.scheduleId,
    projectId: schedule.projectId,
    dueAt: tick.dueAt,
    outcome: tick.outcome,
    notify: schedule.notify,
    run: run && { id: run.id, number: run.number, status: run.status, verdict: run.verdict },
    error: code === null ? null : { code, message: run?.errorMessage ?? tick.errorMessage ?? "" },
  };
}

import {
  AssayError,
  countedFeedback,
  digestFeedback,
  type FeedbackCell,
  type FeedbackState,
  gatherFeedback,
  isOpenFeedback,
  type Locale,
} from "@assay/schema";
import { executorOf, isDangling, type SqlExecutor } from "./client.ts";
import { type FeedbackEventKind, type FeedbackEventRow, toEvents } from "./feedback-event.ts";
import { type FeedbackQuery, fromDatabaseState, groupText, toDatabaseState, whereOf } from "./feedback-query.ts";
import type { Prisma, PrismaClient } from "./generated/prisma/client.ts";

export interface FeedbackRow {
  /** Counts up inside its project. */
  readonly number: number;
  /** The project's id. */
  readonly project: string;
  readonly receivedAt: string;
  readonly locale: Locale;
  /** Empty after it was erased. */
  readonly what: string;
  readonly decision: string | null;
  readonly decisionReference: string;
  /** Protected column → group, of the questions that were answered. */
  readonly group: Readonly<Record<string, string>>;
  readonly contact: string;
  readonly state: FeedbackState;
  readonly assignee: { readonly id: string; readonly name: string } | null;
  readonly run: { readonly id: string; readonly number: number } | null;
  /** Of the run's report: the audit, and the finding inside it. */
  readonly finding: { readonly audit: string; readonly id: string } | null;
  readonly rowId: string;
  readonly closedAt: string | null;
  readonly erasedAt: string | null;
}

export interface FeedbackDetail extends FeedbackRow {
  /** Oldest first. */
  readonly events: readonly FeedbackEventRow[];
}

export interface NewFeedback {
  readonly projectId: string;
  /** Digest of the sender's reference. The same again is the same report. */
  readonly receipt: string;
  readonly locale: Locale;
  readonly what: string;
  readonly decision: string | null;
  readonly decisionReference: string;
  readonly group: Readonly<Record<string, string>>;
  readonly contact: string;
}

/** What is left out stays as it is. */
export interface FeedbackChange {
  readonly state?: FeedbackState | undefined;
  readonly assigneeId?: string | null | undefined;
  readonly link?:
    | { readonly runId: string; readonly finding: { readonly audit: string; readonly id: string } | null }
    | null
    | undefined;
  readonly rowId?: string | undefined;
  /** Written down with the change, or alone. */
  readonly note?: string | undefined;
}

export interface FeedbackStore {
  /** Keeps a report and its number; `enqueue` puts the notices into the same transaction. */
  add(
    feedback: NewFeedback,
    enqueue: (sql: SqlExecutor, number: number) => Promise<void>,
  ): Promise<{ readonly number: number; readonly isNew: boolean }>;
  list(projectId: string, query: FeedbackQuery): Promise<{ readonly items: FeedbackRow[]; readonly total: number }>;
  /** Every report, newest first, some hundreds at a time; what arrives meanwhile moves none. */
  pages(projectId: string): AsyncGenerator<readonly FeedbackRow[]>;
  /** The protected columns that any report names, by name. */
  groupColumns(projectId: string): Promise<readonly string[]>;
  /** How many in every state. */
  states(projectId: string): Promise<Readonly<Record<FeedbackState, number>>>;
  /** @throws AssayError not-found */
  get(projectId: string, number: number): Promise<FeedbackDetail>;
  /** By the digest of its sender's reference, in that project. */
  findByReceipt(projectId: string, receipt: string): Promise<FeedbackRow | null>;
  /** Changes and writes down who changed what, both or neither. @throws AssayError not-found; conflict once withdrawn */
  update(projectId: string, number: number, userId: string, change: FeedbackChange): Promise<FeedbackDetail>;
  /** By its sender: what was written is erased, and it is counted no more. @throws AssayError not-found */
  withdraw(projectId: string, number: number): Promise<void>;
  /** Removes a report with its history; that it was removed, when and by whom stays. @throws AssayError not-found */
  remove(projectId: string, number: number, userId: string): Promise<void>;
  /** Erases what was written in reports that ended before a moment; their counts stay. The number erased. */
  erase(projectId: string, endedBefore: Date): Promise<number>;
  /** Writes down what the server did, such as a notice that was not taken. */
  note(projectId: string, number: number, kind: FeedbackEventKind, detail: string): Promise<void>;
  /** Reports that were removed, newest first. */
  removed(projectId: string): Promise<readonly (FeedbackEventRow & { readonly number: number })[]>;
  /** What enters counts, by month, state, decision and group. */
  cells(projectId: string): Promise<FeedbackCell[]>;
  /** Keeps counts for a run, inside the transaction that makes it. */
  keepCells(sql: SqlExecutor, runId: string, cells: readonly FeedbackCell[]): Promise<void>;
  /** The counts that were kept for a run; null where its plan did not ask. */
  cellsOf(runId: string): Promise<FeedbackCell[] | null>;
}

const include = {
  assignee: { select: { id: true, name: true } },
  run: { select: { id: true, number: true } },
} as const satisfies Prisma.FeedbackInclude;
type LoadedFeedback = Prisma.FeedbackGetPayload<{ include: typeof include }>;

/** Many may send at once, on a machine that is busy: a report is not lost for having to wait its turn. */
const patient = { maxWait: 20_000, timeout: 30_000 } as const;

const pageOfAll = 500;

const erased = { what: "", contact: "", decisionReference: "", rowId: "" } as const;

export function feedbackStore(client: PrismaClient): FeedbackStore {
  const transact = <Value>(work: (transaction: Prisma.TransactionClient) => Promise<Value>): Promise<Value> =>
    client.$transaction(work, patient);
  const load = async (projectId: string, number: number) => {
    const row = await client.feedback.findUnique({ where: { projectId_number: { projectId, number } }, include });
    if (!row) throw missing(number);
    return row;
  };
  const get = async (projectId: string, number: number): Promise<FeedbackDetail> => {
    const row = await load(projectId, number);
    const events = await client.feedbackEvent.findMany({
      where: { projectId, number },
      include: { user: { select: { id: true, name: true } } },
      orderBy: [{ at: "asc" }, { id: "asc" }],
    });
    return { ...toRow(row), events: toEvents(events) };
  };
  return {
    get,
    async add({ projectId, receipt, group, ...rest }, enqueue) {
      const before = await client.feedback.findUnique({
        where: { receipt },
        select: { number: true, projectId: true },
      });
      if (before) return { number: before.number, isNew: false };
      return transact(async (transaction) => {
        // Whoever sends the same again at the same time waits here, and then finds it.
        const forms = await transaction.feedbackForm.updateManyAndReturn({
          where: { projectId },
          data: { lastNumber: { increment: 1 } },
          select: { lastNumber: true },
        });
        const number = forms[0]?.lastNumber;
        if (number === undefined) throw new AssayError("not-found", "the feedback form was removed");
        const same = await transaction.feedback.findUnique({ where: { receipt }, select: { number: true } });
        if (same) return { number: same.number, isNew: false };
        const groups = Object.entries(group).map(([column, value]) => groupText(column, value));
        await transaction.feedback.create({
          data: { ...rest, projectId, number, receipt, groups },
          select: { id: true },
        });
        await transaction.feedbackEvent.create({ data: { projectId, number, kind: "received" }, select: { id: true } });
        await enqueue(executorOf(transaction), number);
        return { number, isNew: true };
      });
    },
    async list(projectId, query) {
      const { page = 1, pageSize = 25, sort = "newest" } = query;
      const where = whereOf(projectId, query);
      const [rows, total] = await Promise.all([
        client.feedback.findMany({
          where,
          include,
          orderBy: { number: sort === "newest" ? "desc" : "asc" },
          skip: (page - 1) * pageSize,
          take: pageSize,
        }),
        client.feedback.count({ where }),
      ]);
      return { items: rows.map(toRow), total };
    },
    async *pages(projectId) {
      let before: number | undefined;
      for (;;) {
        const rows = await client.feedback.findMany({
          where: { projectId, ...(before === undefined ? {} : { number: { lt: before } }) },
          include,
          orderBy: { number: "desc" },
          take: pageOfAll,
        });
        if (rows.length > 0) yield rows.map(toRow);
        if (rows.length < pageOfAll) return;
        before = rows.at(-1)?.number;
      }
    },
    async groupColumns(projectId) {
      const rows = await client.$queryRaw<{ readonly name: string }[]>`
        SELECT DISTINCT "one"::jsonb ->> 0 AS "name" FROM "feedback", unnest("groups") AS "one" WHERE "projectId" = ${projectId}`;
      return rows.map(({ name }) => name).sort();
    },
    async states(projectId) {
      const rows = await client.feedback.groupBy({ by: ["state"], where: { projectId }, _count: true });
      const counts: Record<FeedbackState, number> = {
        new: 0,
        "in-review": 0,
        upheld: 0,
        resolved: 0,
        dismissed: 0,
        withdrawn: 0,
        spam: 0,
      };
      for (const { state, _count } of rows) counts[fromDatabaseState(state)] = _count;
      return counts;
    },
    async findByReceipt(projectId, receipt) {
      const row = await client.feedback.findFirst({ where: { projectId, receipt }, include });
      return row && toRow(row);
    },
    async update(projectId, number, userId, { state, assigneeId, link, rowId, note = "" }) {
      try {
        await transact(async (transaction) => {
          // Two who change it at once do so one after the other, and each is written down.
          await transaction.$queryRaw`SELECT 1 FROM "feedback" WHERE "projectId" = ${projectId} AND "number" = ${number} FOR UPDATE`;
          const before = await transaction.feedback.findUnique({
            where: { projectId_number: { projectId, number } },
            include,
          });
          if (!before) throw missing(number);
          const from = fromDatabaseState(before.state);
          if (from === "withdrawn") {
            throw new AssayError("conflict", `report ${number} was withdrawn by its sender; it can only be removed`);
          }
          const data: Prisma.FeedbackUncheckedUpdateInput = {};
          const events: { kind: FeedbackEventKind; detail: string }[] = [];
          if (state !== undefined && state !== from) {
            data.state = toDatabaseState(state);
            if (isOpenFeedback(state)) data.closedAt = null;
            else if (isOpenFeedback(from)) data.closedAt = new Date();
            events.push({ kind: "state", detail: state });
          }
          if (assigneeId !== undefined && assigneeId !== before.assigneeId) {
            data.assigneeId = assigneeId;
            const user = assigneeId === null ? null : await transaction.user.findUnique({ where: { id: assigneeId } });
            if (assigneeId !== null && user === null) throw noUser(assigneeId);
            events.push({ kind: "assigned", detail: user?.name ?? "" });
          }
          if (link !== undefined) {
            const [runId, audit, id] = [link?.runId ?? null, link?.finding?.audit ?? null, link?.finding?.id ?? null];
            if (runId !== before.runId || audit !== before.auditId || id !== before.findingId) {
              Object.assign(data, { runId, auditId: audit, findingId: id });
              const run = runId === null ? null : await transaction.run.findUnique({ where: { id: runId } });
              if (runId !== null && run?.projectId !== projectId) {
                throw new AssayError("not-found", `no run "${runId}" in the project; it may have been removed`);
              }
              const place = run === null ? "" : `#${run.number}${id === null ? "" : ` ${audit} ${id}`}`;
              events.push({ kind: "linked", detail: place });
            }
          }
          if (rowId !== undefined && rowId !== before.rowId) {
            data.rowId = rowId;
            // The row stands for a person: the history does not repeat it, so that erasing is erasing.
            events.push({ kind: "row", detail: rowId === "" ? "" : "set" });
          }
          if (note !== "") events.push({ kind: "noted", detail: "" });
          if (events.length === 0) return;
          await transaction.feedback.update({
            where: { projectId_number: { projectId, number } },
            data,
            select: { id: true },
          });
          await transaction.feedbackEvent.createMany({
            data: events.map((event, index) => ({
              ...event,
              ...{ projectId, number, userId },
              note: index === events.length - 1 ? note : "",
            })),
          });
        });
      } catch (error) {
        throw isDangling(error) ? noUser(assigneeId ?? "") : error;
      }
      return get(projectId, number);
    },
    withdraw: (projectId, number) =>
      transact(async (transaction) => {
        const now = new Date();
        const { count } = await transaction.feedback.updateMany({
          where: { projectId, number, state: { not: "withdrawn" } },
          data: { ...erased, state: "withdrawn", groups: [], decision: null, closedAt: now, erasedAt: now },
        });
        if (count === 0) {
          const there = await transaction.feedback.count({ where: { projectId, number } });
          if (there === 0) throw missing(number);
          return;
        }
        await transaction.feedbackEvent.updateMany({ where: { projectId, number }, data: { note: "" } });
        await transaction.feedbackEvent.create({
          data: { projectId, number, kind: "withdrawn" },
          select: { id: true },
        });
      }),
    remove: (projectId, number, userId) =>
      transact(async (transaction) => {
        const { count } = await transaction.feedback.deleteMany({ where: { projectId, number } });
        if (count === 0) throw missing(number);
        await transaction.feedbackEvent.deleteMany({ where: { projectId, number } });
        await transaction.feedbackEvent.create({
          data: { projectId, number, userId, kind: "removed" },
          select: { id: true },
        });
      }),
    erase: (projectId, endedBefore) =>
      transact(async (transaction) => {
        const rows = await transaction.feedback.updateManyAndReturn({
          where: { projectId, closedAt: { lt: endedBefore }, erasedAt: null },
          data: { ...erased, erasedAt: new Date() },
          select: { number: true },
        });
        const numbers = rows.map(({ number }) => number);
        if (numbers.length === 0) return 0;
        await transaction.feedbackEvent.updateMany({
          where: { projectId, number: { in: numbers } },
          data: { note: "" },
        });
        await transaction.feedbackEvent.createMany({
          data: numbers.map((number) => ({ projectId, number, kind: "erased" })),
        });
        return numbers.length;
      }),
    async note(projectId, number, kind, detail) {
      // A report may be gone by the time its notice is.
      const there = await client.feedback.count({ where: { projectId, number } });
      if (there === 0) return;
      await client.feedbackEvent.create({ data: { projectId, number, kind, detail }, select: { id: true } });
    },
    async removed(projectId) {
      const rows = await client.feedbackEvent.findMany({
        where: { projectId, kind: "removed" },
        include: { user: { select: { id: true, name: true } } },
        orderBy: [{ at: "desc" }, { id: "desc" }],
        take: 200,
      });
      return toEvents(rows).map((event, index) => ({ ...event, number: rows[index]?.number ?? 0 }));
    },
    async cells(projectId) {
      const rows = await client.feedback.findMany({
        where: { projectId, state: { notIn: ["withdrawn", "spam"] } },
        select: { receivedAt: true, state: true, decision: true, groups: true },
      });
      return gatherFeedback(
        rows.flatMap(({ receivedAt, state: stored, decision, groups }): FeedbackCell[] => {
          const state = countedFeedback.find((one) => one === fromDatabaseState(stored));
          if (state === undefined) return [];
          return [{ month: receivedAt.toISOString().slice(0, 7), state, decision, group: toGroup(groups), count: 1 }];
        }),
      );
    },
    async keepCells(sql, runId, cells) {
      await sql.executeSql(
        'INSERT INTO "feedback_counts" ("runId", "digest", "cellsJson") VALUES ($1, $2, $3) ON CONFLICT ("runId") DO NOTHING',
        [runId, digestFeedback(cells), JSON.stringify(gatherFeedback(cells))],
      );
    },
    async cellsOf(runId) {
      const row = await client.feedbackCounts.findUnique({ where: { runId }, select: { cellsJson: true } });
      return row && (JSON.parse(row.cellsJson) as FeedbackCell[]);
    },
  };
}

function missing(number: number): AssayError {
  return new AssayError("not-found", `no report ${number} in the project; it may have been removed`);
}

function noUser(id: string): AssayError {
  return new AssayError("not-found", `no account "${id}"; it may have been removed`);
}

/** `group` is of the database, written by `add`. */
function toGroup(groups: readonly string[]): Record<string, string> {
  return Object.fromEntries(groups.map((one) => JSON.parse(one) as [string, string]));
}

function toRow(row: LoadedFeedback): FeedbackRow {
  return {
    number: row.number,
    project: row.projectId,
    receivedAt: row.receivedAt.toISOString(),
    locale: row.locale === "zh-CN" ? "zh-CN" : "en",
    what: row.what,
    decision: row.decision,
    decisionReference: row.decisionReference,
    group: toGroup(row.groups),
    contact: row.contact,
    state: fromDatabaseState(row.state),
    assignee: row.assignee,
    run: row.run,
    finding:
      row.run === null || row.auditId === null || row.findingId === null
        ? null
        : { audit: row.auditId, id: row.findingId },
    rowId: row.rowId,
    closedAt: row.closedAt?.toISOString() ?? null,
    erasedAt: row.erasedAt?.toISOString() ?? null,
  };
}

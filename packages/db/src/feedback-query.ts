import type { FeedbackState } from "@assay/schema";
import type { FeedbackState as DatabaseState, Prisma } from "./generated/prisma/client.ts";

export interface FeedbackQuery {
  readonly states?: readonly FeedbackState[] | undefined;
  /** An account's id, or `none`. */
  readonly assignee?: string | undefined;
  /** A protected column and the group that the sender chose. */
  readonly group?: { readonly column: string; readonly value: string } | undefined;
  /** Received at or after, and before. */
  readonly from?: Date | undefined;
  readonly before?: Date | undefined;
  /** Part of what was written or of the decision's reference, or the report's number. */
  readonly search?: string | undefined;
  readonly run?: string | undefined;
  readonly sort?: "newest" | "oldest" | undefined;
  /** From 1. */
  readonly page?: number | undefined;
  readonly pageSize?: number | undefined;
}

export function whereOf(projectId: string, query: FeedbackQuery): Prisma.FeedbackWhereInput {
  const { states, assignee, group, from, before, search, run } = query;
  const number = search !== undefined && /^#?\d{1,9}$/.test(search) ? Number(search.replace("#", "")) : undefined;
  return {
    projectId,
    ...(states === undefined || states.length === 0 ? {} : { state: { in: states.map(toDatabaseState) } }),
    ...(assignee === undefined ? {} : { assigneeId: assignee === "none" ? null : assignee }),
    ...(group === undefined ? {} : { groups: { has: groupText(group.column, group.value) } }),
    ...(from === undefined && before === undefined
      ? {}
      : { receivedAt: { ...(from ? { gte: from } : {}), ...(before ? { lt: before } : {}) } }),
    ...(run === undefined ? {} : { runId: run }),
    ...(search === undefined || search === ""
      ? {}
      : {
          OR: [
            { what: { contains: literal(search), mode: "insensitive" } },
            { decisionReference: { contains: literal(search), mode: "insensitive" } },
            ...(number === undefined ? [] : [{ number }]),
          ],
        }),
  };
}

/** Prisma hands a text to LIKE as it is, where %, _ and \\ stand for others. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

/** How a group is kept: a text that no other column and group have. */
export function groupText(column: string, value: string): string {
  return JSON.stringify([column, value]);
}

/** Prisma's names of states take no hyphen. */
export function toDatabaseState(state: FeedbackState): DatabaseState {
  return state === "in-review" ? "in_review" : state;
}

export function fromDatabaseState(state: DatabaseState): FeedbackState {
  return state === "in_review" ? "in-review" : state;
}

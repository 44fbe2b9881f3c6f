/** What may be done with a report; `notice-…` are of the server. */
export const feedbackEventKinds = [
  "assigned",
  "erased",
  "linked",
  "noted",
  "notice-failed",
  "notice-sent",
  "received",
  "removed",
  "row",
  "state",
  "withdrawn",
] as const;
export type FeedbackEventKind = (typeof feedbackEventKinds)[number];

export interface FeedbackEventRow {
  readonly at: string;
  /** Null: the sender, or the server. */
  readonly user: { readonly id: string; readonly name: string } | null;
  readonly kind: FeedbackEventKind;
  /** The state, the assignee's name, the run and finding, or where a notice went; empty where it was taken away. */
  readonly detail: string;
  readonly note: string;
}

export function toEvents(
  rows: readonly {
    readonly at: Date;
    readonly user: { readonly id: string; readonly name: string } | null;
    readonly kind: string;
    readonly detail: string;
    readonly note: string;
  }[],
): FeedbackEventRow[] {
  return rows.map(({ at, user, kind, detail, note }) => ({
    at: at.toISOString(),
    user,
    kind: feedbackEventKinds.find((one) => one === kind) ?? "noted",
    detail,
    note,
  }));
}

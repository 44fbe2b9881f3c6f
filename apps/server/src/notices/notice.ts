import type { Stores } from "@assay/db";
import type { Letter } from "./mail.ts";

/** What a notice is about: a report of somebody affected, or a due time of a schedule. */
export type NoticeSubject = { readonly number: number } | { readonly scheduleId: string; readonly dueAt: string };

/** What is sent: nothing of what was written, and no number of a report. */
export interface NoticeContent {
  /** Becomes JSON. */
  readonly webhook: object;
  readonly letter: Omit<Letter, "to">;
}

export interface NoticeProject {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** What can be told, and where it is written down what became of it. */
export interface NoticeKind<Subject> {
  /** Null where there is nothing to tell any more. `url`: the project's page. */
  content(subject: Subject, project: NoticeProject, url: string, stores: Stores): Promise<NoticeContent | null>;
  /** `failure` null: it was sent. */
  note(
    subject: Subject,
    told: { readonly projectId: string; readonly channel: string; readonly failure: string | null },
    stores: Stores,
  ): Promise<void>;
}

/** A name in a letter. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

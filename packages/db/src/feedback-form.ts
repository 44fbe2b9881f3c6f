import { randomBytes } from "node:crypto";
import { AssayError, FeedbackForm } from "@assay/schema";
import { isDangling, isDuplicate } from "./client.ts";
import type { FeedbackForm as FormRow, PrismaClient } from "./generated/prisma/client.ts";

/** A project's form: its address, whether it takes reports, and what it asks. */
export interface FeedbackFormRow {
  readonly project: { readonly id: string; readonly slug: string; readonly name: string };
  /** The last part of its address. */
  readonly token: string;
  readonly isOpen: boolean;
  readonly settings: FeedbackForm;
  /** Signs what is sent to the webhook. */
  readonly webhookSecret: string;
  readonly updatedAt: string;
}

export interface FeedbackFormStore {
  /** The project's form; made, closed, with these settings, where there is none. @throws AssayError not-found */
  ensure(projectId: string, settings: FeedbackForm): Promise<FeedbackFormRow>;
  /** Null where the project has none. */
  find(projectId: string): Promise<FeedbackFormRow | null>;
  /** By the last part of its address. */
  findByToken(token: string): Promise<FeedbackFormRow | null>;
  /** Changes what is given. @throws AssayError not-found */
  update(
    projectId: string,
    change: { readonly isOpen?: boolean | undefined; readonly settings?: FeedbackForm | undefined },
  ): Promise<FeedbackFormRow>;
  /** Gives the form another address, or another secret to its webhook: the old one is worth nothing from now on. */
  rotate(projectId: string, what: "token" | "webhookSecret"): Promise<FeedbackFormRow>;
}

const include = { project: { select: { id: true, slug: true, name: true } } } as const;

export function feedbackFormStore(client: PrismaClient): FeedbackFormStore {
  const find = async (projectId: string) => {
    const row = await client.feedbackForm.findUnique({ where: { projectId }, include });
    return row && toForm(row);
  };
  const change = async (
    projectId: string,
    data: Partial<Pick<FormRow, "isOpen" | "settingsJson" | "token" | "webhookSecret">>,
  ) => {
    const { count } = await client.feedbackForm.updateMany({ where: { projectId }, data });
    const row = count === 0 ? null : await find(projectId);
    if (row === null) throw new AssayError("not-found", "the project has no feedback form; it may have been removed");
    return row;
  };
  return {
    find,
    async ensure(projectId, settings) {
      const before = await find(projectId);
      if (before) return before;
      try {
        await client.feedbackForm.create({
          data: {
            projectId,
            settingsJson: JSON.stringify(settings),
            token: unguessable(),
            webhookSecret: unguessable(),
          },
          select: { projectId: true },
        });
      } catch (error) {
        if (isDangling(error)) throw new AssayError("not-found", "the project was removed");
        if (!isDuplicate(error)) throw error;
      }
      const made = await find(projectId);
      if (made === null) throw new AssayError("not-found", "the project was removed");
      return made;
    },
    async findByToken(token) {
      const row = await client.feedbackForm.findUnique({ where: { token }, include });
      return row && toForm(row);
    },
    update: (projectId, { isOpen, settings }) =>
      change(projectId, {
        ...(isOpen === undefined ? {} : { isOpen }),
        ...(settings === undefined ? {} : { settingsJson: JSON.stringify(settings) }),
      }),
    rotate: (projectId, what) => change(projectId, { [what]: unguessable() }),
  };
}

/** 24 random bytes as 32 letters, digits, hyphens and underscores. */
function unguessable(): string {
  return randomBytes(24).toString("base64url");
}

/** The settings were checked when they were written; checked again, they hold what has been added since. */
function toForm(row: FormRow & { readonly project: FeedbackFormRow["project"] }): FeedbackFormRow {
  return {
    project: row.project,
    token: row.token,
    isOpen: row.isOpen,
    settings: FeedbackForm.parse(JSON.parse(row.settingsJson)),
    webhookSecret: row.webhookSecret,
    updatedAt: row.updatedAt.toISOString(),
  };
}

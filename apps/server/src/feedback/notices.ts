import type { FeedbackFormRow, SqlExecutor, Stores } from "@assay/db";
import { AssayError, isAssayError } from "@assay/schema";
import { PgBoss } from "pg-boss";
import { type MailRules, sendLetter } from "./mail.ts";
import { postWebhook } from "./webhook.ts";

const queueName = "feedback-notice";
/** Tried again after about 2, 4, 8 … seconds, an hour at most: for a day and a half. */
const retryLimit = 45;
const retryDelay = 2;
const retryDelayMax = 3600;

type Channel = "email" | "webhook";
interface Notice {
  readonly channel: Channel;
  readonly projectId: string;
  readonly number: number;
}

export interface NoticeRules {
  /** Origins that webhooks may have. */
  readonly webhooks: readonly string[];
  /** Null: no letters. */
  readonly mail: MailRules | null;
  /** Where people find the dashboard. */
  readonly url: () => string;
}

export interface Notices {
  /** Puts a report's notices into the transaction that keeps it. */
  enqueue(sql: SqlExecutor, form: FeedbackFormRow, number: number): Promise<void>;
  /** Begins to send, once the address that people reach this server at is known. */
  work(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Tells of new reports by webhook and e-mail, from the job queue: what is not taken is sent again, also after the server was
 * stopped. A notice says that there is a report and where, and nothing of what was written.
 */
export async function openNotices(options: {
  readonly databaseUrl: string;
  readonly stores: Stores;
  readonly rules: NoticeRules;
  readonly onError: (error: unknown) => void;
}): Promise<Notices> {
  const { stores, rules, onError } = options;
  // The queue of runs keeps house for all queues of the database.
  const boss = new PgBoss({
    connectionString: options.databaseUrl,
    application_name: "assay notices",
    max: 2,
    migrate: false,
    supervise: false,
    schedule: false,
    useListenNotify: true,
    openTelemetry: { enabled: false },
  });
  boss.on("error", onError);
  await boss.start();
  await boss.createQueue(queueName, {
    retryLimit,
    retryDelay,
    retryBackoff: true,
    retryDelayMax,
    expireInSeconds: 120,
    notify: true,
  });
  return {
    async work() {
      await boss.work<Notice>(
        queueName,
        { batchSize: 1, includeMetadata: true, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 },
        async ([job]) => {
          if (job === undefined) return;
          const { channel, projectId, number } = job.data;
          try {
            if (await deliver(job.data, stores, rules, job.signal)) {
              await stores.feedback.note(projectId, number, "notice-sent", channel);
            }
          } catch (error) {
            const told = isAssayError(error) ? error.message : "the server met an error of its own";
            if (!isAssayError(error)) onError(error);
            // What the rules forbid is not allowed by trying again.
            const isOver = job.retryCount >= retryLimit || (isAssayError(error) && error.code === "forbidden");
            if (isOver) return stores.feedback.note(projectId, number, "notice-failed", `${channel}: ${told}`);
            throw error;
          }
        },
      );
    },
    async enqueue(sql, { project, settings: { notify } }, number) {
      const channels: Channel[] = [
        ...(notify.email === null ? [] : (["email"] as const)),
        ...(notify.webhook === null ? [] : (["webhook"] as const)),
      ];
      for (const channel of channels) {
        await boss.send(queueName, { channel, projectId: project.id, number } satisfies Notice, { db: sql });
      }
    },
    stop: () => boss.stop({ graceful: false, close: true }),
  };
}

/** False where there is nothing to send any more: the report or the address is gone. */
async function deliver(
  { channel, projectId, number }: Notice,
  stores: Stores,
  rules: NoticeRules,
  signal: AbortSignal,
): Promise<boolean> {
  const form = await stores.feedbackForms.find(projectId);
  const report = await stores.feedback.get(projectId, number).catch((error: unknown) => {
    if (isAssayError(error) && error.code === "not-found") return null;
    throw error;
  });
  if (form === null || report === null) return false;
  const { project, settings, webhookSecret: secret } = form;
  const link = `${rules.url()}/projects/${encodeURIComponent(project.slug)}/feedback/${number}`;
  if (channel === "webhook") {
    const { webhook: url } = settings.notify;
    if (url === null) return false;
    const body = JSON.stringify({
      event: "feedback.received",
      project: { id: project.id, slug: project.slug, name: project.name },
      number,
      receivedAt: report.receivedAt,
      url: link,
    });
    await postWebhook({ url, secret, body, origins: rules.webhooks, now: Date.now(), signal });
    return true;
  }
  const { email: to } = settings.notify;
  if (to === null) return false;
  if (rules.mail === null) {
    throw new AssayError(
      "forbidden",
      "this server sends no e-mail; its operator allows it with the setting ASSAY_SMTP_URL",
    );
  }
  await sendLetter(rules.mail, {
    to,
    subject: `${oneLine(project.name)}: report ${number} · 反馈 ${number}`,
    text: `A report from somebody affected has arrived in the project "${oneLine(project.name)}".\n项目“${oneLine(project.name)}”收到一条受影响者的反馈。\n\n${link}\n`,
  });
  return true;
}

/** A project's name in a letter's head. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

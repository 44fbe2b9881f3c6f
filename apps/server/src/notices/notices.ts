import type { FeedbackFormRow, SqlExecutor, Stores } from "@assay/db";
import { AssayError, isAssayError } from "@assay/schema";
import { PgBoss } from "pg-boss";
import { feedbackNotice } from "./feedback-notice.ts";
import { type MailRules, sendLetter } from "./mail.ts";
import type { NoticeContent, NoticeSubject } from "./notice.ts";
import { scheduleNotice } from "./schedule-notice.ts";
import { postWebhook } from "./webhook.ts";

/** Named by the first kind there was: what waits in it is sent whichever version put it there. */
const queueName = "feedback-notice";
/** Tried again after about 2, 4, 8 … seconds, an hour at most: for a day and a half. */
const retryLimit = 45;
const retryDelay = 2;
const retryDelayMax = 3600;

type Channel = "email" | "webhook";
type Notice = NoticeSubject & { readonly channel: Channel; readonly projectId: string };

export interface NoticeRules {
  /** Origins that webhooks may have. */
  readonly webhooks: readonly string[];
  /** Null: no letters. */
  readonly mail: MailRules | null;
  /** Where people find the dashboard. */
  readonly url: () => string;
}

export interface Notices {
  /** Puts notices, to whom the form's settings name, into the transaction that keeps what they are about. */
  enqueue(sql: SqlExecutor, form: FeedbackFormRow, subject: NoticeSubject): Promise<void>;
  /** Begins to send, once the address that people reach this server at is known. */
  work(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Tells of new reports and of scheduled runs by webhook and e-mail, from the job queue: what is not taken is sent again, also
 * after the server was stopped. A notice says that there is something to read and where, and nothing of what people wrote.
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
          try {
            if (await deliver(job.data, stores, rules, job.signal)) await note(job.data, null, stores);
          } catch (error) {
            const told = isAssayError(error) ? error.message : "the server met an error of its own";
            if (!isAssayError(error)) onError(error);
            // What the rules forbid is not allowed by trying again.
            const isOver = job.retryCount >= retryLimit || (isAssayError(error) && error.code === "forbidden");
            if (isOver) return note(job.data, told, stores);
            throw error;
          }
        },
      );
    },
    async enqueue(sql, { project, settings: { notify } }, subject) {
      const channels: Channel[] = [
        ...(notify.email === null ? [] : (["email"] as const)),
        ...(notify.webhook === null ? [] : (["webhook"] as const)),
      ];
      for (const channel of channels) {
        await boss.send(queueName, { ...subject, channel, projectId: project.id } satisfies Notice, { db: sql });
      }
    },
    stop: () => boss.stop({ graceful: false, close: true }),
  };
}

function contentOf(
  notice: Notice,
  form: FeedbackFormRow,
  stores: Stores,
  rules: NoticeRules,
): Promise<NoticeContent | null> {
  const { project } = form;
  const url = `${rules.url()}/projects/${encodeURIComponent(project.slug)}`;
  return "number" in notice
    ? feedbackNotice.content(notice, project, url, stores)
    : scheduleNotice.content(notice, project, url, stores);
}

function note(notice: Notice, failure: string | null, stores: Stores): Promise<void> {
  const told = { projectId: notice.projectId, channel: notice.channel, failure };
  return "number" in notice ? feedbackNotice.note(notice, told, stores) : scheduleNotice.note(notice, told, stores);
}

/** False where there is nothing to send any more: what it is about, or the address, is gone. */
async function deliver(notice: Notice, stores: Stores, rules: NoticeRules, signal: AbortSignal): Promise<boolean> {
  const form = await stores.feedbackForms.find(notice.projectId);
  const content = form && (await contentOf(notice, form, stores, rules));
  if (form === null || content === null) return false;
  const { email: to, webhook: url } = form.settings.notify;
  if (notice.channel === "webhook") {
    if (url === null) return false;
    const { webhookSecret: secret } = form;
    const body = JSON.stringify(content.webhook);
    await postWebhook({ url, secret, body, origins: rules.webhooks, now: Date.now(), signal });
    return true;
  }
  if (to === null) return false;
  if (rules.mail === null) {
    throw new AssayError(
      "forbidden",
      "this server sends no e-mail; its operator allows it with the setting ASSAY_SMTP_URL",
    );
  }
  await sendLetter(rules.mail, { to, ...content.letter });
  return true;
}

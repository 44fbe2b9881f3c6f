import { createHash } from "node:crypto";
import type { FeedbackFormRow } from "@assay/db";
import { isAssayError, type Locale, locales } from "@assay/schema";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { type Limiter, openLimiter, senderOf } from "../feedback/limit.ts";
import {
  contentSecurityPolicy,
  formPage,
  lookUpPage,
  plainPage,
  receivedPage,
  statePage,
  withdrawnPage,
} from "../feedback/page.ts";
import { groupOfSubmission, readSubmission, submissionProblems } from "../feedback/read-submission.ts";
import { openStamps, tidyReference } from "../feedback/stamp.ts";
import { words } from "../feedback/words.ts";
import type { Notices } from "../notices/notices.ts";
import type { Surface } from "./context.ts";

/** Some pages of text, percent-encoded: three bytes of UTF-8 for each Chinese character take nine. */
const bodyLimitBytes = 64 * 1024;

const minuteMs = 60_000;
/** Reports of one sender, of all senders to one form, and references that one sender tries. */
const allowances = {
  sender: { most: 6, perMs: 10 * minuteMs },
  form: { most: 120, perMs: 60 * minuteMs },
  reference: { most: 20, perMs: 10 * minuteMs },
} as const;

const isToken = /^[\w-]{1,100}$/;
const Params = z.object({ token: z.string() });

export interface FeedbackRoutes {
  readonly surface: Surface;
  readonly secret: string;
  readonly notices: Pick<Notices, "enqueue">;
  readonly now?: () => number;
  readonly limiter?: Limiter;
}

/**
 * The public form at `/f/<token>`: outside sign-in, without scripts, cookies or sessions, so that there is no session to misuse by
 * a forged request. No address of a sender is kept or logged.
 */
export async function feedbackRoutes(app: FastifyInstance, options: FeedbackRoutes): Promise<void> {
  const { surface, notices, secret, now = Date.now, limiter = openLimiter() } = options;
  const { stores, logError } = surface;
  const stamps = openStamps(secret);

  const plugin = async (scope: FastifyInstance): Promise<void> => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: bodyLimitBytes },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    // Failures are told as pages: who comes here reads no JSON.
    scope.setErrorHandler((error, request, reply) => {
      const locale = localeOf(request);
      const say = words[locale];
      const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
      const page = { locale, path: "", switchTo: null };
      if (status === 413) return send(reply, 413, [], plainPage(page, say.tooLargeTitle, say.tooLargeText));
      if (status >= 400 && status < 500)
        return send(reply, status, [], plainPage(page, say.failedTitle, say.unknownText));
      logError(error);
      return send(reply, 500, [], plainPage(page, say.failedTitle, say.failedText));
    });

    /** The form that the link is of; null where it was answered that there is none. */
    const formOf = async (request: FastifyRequest, reply: FastifyReply): Promise<FeedbackFormRow | null> => {
      const { token } = Params.parse(request.params);
      const form = isToken.test(token) ? await stores.feedbackForms.findByToken(token) : null;
      if (form !== null) return form;
      const locale = localeOf(request);
      const { unknownTitle, unknownText } = words[locale];
      const page = { locale, path: pathOf(token), switchTo: pathOf(token) };
      send(reply, 404, [], plainPage(page, unknownTitle, unknownText));
      return null;
    };

    scope.get("/f/:token", async (request, reply) => {
      const form = await formOf(request, reply);
      if (form === null) return reply;
      const page = pageOf(request, form, "");
      if (!form.isOpen) return closed(reply, form, page);
      const stamp = stamps.issue(form.token, now());
      return send(reply, 200, form.settings.origins, formPage({ ...page, settings: form.settings, stamp }));
    });

    scope.post("/f/:token", async (request, reply) => {
      const form = await formOf(request, reply);
      if (form === null) return reply;
      const page = pageOf(request, form, null);
      if (!form.isOpen) return closed(reply, form, page);
      const { settings, token } = form;
      const submission = readSubmission(fieldsOf(request), settings);
      const problems = submissionProblems(submission, settings, page.locale);
      const say = words[page.locale].problems;
      const again = (status: number, stamp: string): FastifyReply =>
        send(reply, status, settings.origins, formPage({ ...page, settings, submission, problems, stamp }));
      const stamp = stamps.check(token, submission.stamp, now());
      if (stamp === "invalid") problems.set("", say.stamp);
      else if (stamp === "too-late") problems.set("", say.late);
      else if (stamp === "too-early" && problems.size === 0) problems.set("", say.early);
      // The stamp of a page that came back too early ripens: it is not drawn anew.
      const kept = stamp === "good" || stamp === "too-early" ? submission.stamp : stamps.issue(token, now());
      if (problems.size > 0) return again(422, kept);
      const waitMs =
        limiter.take(`report ${senderOf(request.ip)}`, allowances.sender, now()) ||
        limiter.take(`form ${form.project.id}`, allowances.form, now());
      if (waitMs > 0) {
        problems.set("", say.many(Math.ceil(waitMs / minuteMs)));
        reply.header("retry-after", Math.ceil(waitMs / 1000));
        return again(429, kept);
      }
      const { stamp: issued, trap: _, ...said } = submission;
      const reference = stamps.reference(issued, JSON.stringify(said));
      await stores.feedback.add(
        {
          projectId: form.project.id,
          receipt: receiptOf(reference),
          locale: page.locale,
          what: submission.what,
          decision: submission.decision === "" ? null : submission.decision,
          decisionReference: submission.decisionReference,
          group: groupOfSubmission(submission, settings),
          contact: submission.contact,
        },
        (sql, number) => notices.enqueue(sql, form, { number }),
      );
      return send(reply, 201, settings.origins, receivedPage(page, reference));
    });

    scope.get("/f/:token/report", async (request, reply) => {
      const form = await formOf(request, reply);
      if (form === null) return reply;
      const page = pageOf(request, form, "/report");
      return send(reply, 200, form.settings.origins, lookUpPage(page, null, ""));
    });

    /** The report of the reference that was sent; null where it was answered that there is none. */
    const reportOf = async (request: FastifyRequest, reply: FastifyReply, form: FeedbackFormRow) => {
      const page = pageOf(request, form, null);
      const say = words[page.locale].problems;
      const typed = (fieldsOf(request).get("reference") ?? "").slice(0, 100);
      const waitMs = limiter.take(`reference ${senderOf(request.ip)}`, allowances.reference, now());
      if (waitMs > 0) {
        reply.header("retry-after", Math.ceil(waitMs / 1000));
        send(reply, 429, form.settings.origins, lookUpPage(page, say.many(Math.ceil(waitMs / minuteMs)), typed));
        return null;
      }
      const reference = tidyReference(typed);
      const report = await stores.feedback.findByReceipt(form.project.id, receiptOf(reference));
      if (report !== null) return { page, reference, report };
      send(reply, 404, form.settings.origins, lookUpPage(page, say.noReference, typed));
      return null;
    };

    scope.post("/f/:token/report", async (request, reply) => {
      const form = await formOf(request, reply);
      const found = form && (await reportOf(request, reply, form));
      if (form === null || found === null) return reply;
      const { page, reference, report } = found;
      const { state, receivedAt } = report;
      return send(
        reply,
        200,
        form.settings.origins,
        statePage({ ...page, reference, state, receivedAt, problem: null }),
      );
    });

    scope.post("/f/:token/withdraw", async (request, reply) => {
      const form = await formOf(request, reply);
      const found = form && (await reportOf(request, reply, form));
      if (form === null || found === null) return reply;
      const { page, reference, report } = found;
      const { state, receivedAt } = report;
      if (fieldsOf(request).get("confirm") !== "yes") {
        const problem = words[page.locale].problems.notConfirmed;
        return send(reply, 422, form.settings.origins, statePage({ ...page, reference, state, receivedAt, problem }));
      }
      await stores.feedback.withdraw(form.project.id, report.number).catch((error: unknown) => {
        // Removed meanwhile: nothing of it is left either way.
        if (!isAssayError(error) || error.code !== "not-found") throw error;
      });
      return send(reply, 200, form.settings.origins, withdrawnPage(page));
    });
  };
  // Requests are logged with addresses; those of senders are not.
  await app.register(plugin, { logLevel: "silent" });
}

function closed(reply: FastifyReply, form: FeedbackFormRow, page: ReturnType<typeof pageOf>): FastifyReply {
  const { closedTitle, closedText, lookUp } = words[page.locale];
  const link = { to: `${pathOf(form.token)}/report`, text: lookUp };
  return send(reply, 410, form.settings.origins, plainPage(page, closedTitle, closedText, link));
}

/** `below`: the page's place below the form's; null where it answers what was sent. */
function pageOf(request: FastifyRequest, form: FeedbackFormRow, below: string | null) {
  const path = pathOf(form.token);
  return { locale: localeOf(request), path, switchTo: below === null ? null : `${path}${below}` };
}

function pathOf(token: string): string {
  return `/f/${encodeURIComponent(token)}`;
}

function fieldsOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

/** Only its digest is kept: who reads the database cannot withdraw in a sender's name. */
function receiptOf(reference: string): string {
  return createHash("sha256").update(`feedback ${reference}`).digest("hex");
}

/** The language asked for: by the switch, by the form that was sent, else the first of the browser's that there is. */
function localeOf(request: FastifyRequest): Locale {
  const asked = z.object({ lang: z.string() }).safeParse(request.query).data?.lang ?? fieldsOf(request).get("lang");
  const chosen = locales.find((one) => one === asked);
  if (chosen !== undefined) return chosen;
  const accepted = (request.headers["accept-language"] ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...rest] = part.trim().toLowerCase().split(";");
      const q = rest.map((one) => one.trim().match(/^q=([\d.]+)$/)?.[1]).find((one) => one !== undefined);
      return { tag, q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { tag } of accepted) {
    if (tag === "zh" || tag.startsWith("zh-")) return "zh-CN";
    if (tag === "en" || tag.startsWith("en-")) return "en";
  }
  return "en";
}

function send(reply: FastifyReply, status: number, origins: readonly string[], page: string): FastifyReply {
  // A page of another site that asks to be isolated may frame it only with this.
  reply.raw.setHeader("cross-origin-resource-policy", origins.length > 0 ? "cross-origin" : "same-origin");
  return reply
    .code(status)
    .header("content-type", "text/html; charset=utf-8")
    .header("content-security-policy", contentSecurityPolicy(origins))
    .header("cache-control", "no-store")
    .header("referrer-policy", "no-referrer")
    .header("x-content-type-options", "nosniff")
    .header("x-robots-tag", "noindex")
    .send(page);
}

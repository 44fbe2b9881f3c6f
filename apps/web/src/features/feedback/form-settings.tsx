"use client";

import type { FeedbackFormInput } from "@assay/schema";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { CopyText } from "../../components/copy-text.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { Field, Input } from "../../components/field.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { FeedbackForm } from "../../trpc/types.ts";
import { readOptions, writeOptions } from "./option-lines.ts";
import { type KnownGroups, type QuestionDraft, QuestionList } from "./question-list.tsx";
import { Replace } from "./replace.tsx";

const texts = ["title", "intro", "privacy"] as const;

/** What the form says and asks, who is told, and how long what was written is kept. */
export function FormSettings({
  form,
  known,
  server,
}: {
  form: FeedbackForm;
  known: readonly KnownGroups[];
  /** What the operator allows. */
  server: { readonly webhooks: readonly string[]; readonly mail: boolean };
}) {
  const t = useTranslations("feedback.form");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  const { settings } = form;
  const [draft, setDraft] = useState({
    title: settings.title,
    intro: settings.intro,
    privacy: settings.privacy,
    contact: settings.contact,
    decisions: writeOptions(settings.decisions),
    questions: settings.groups.map(
      ({ column, question, options }): QuestionDraft => ({
        column,
        en: question.en,
        zh: question["zh-CN"],
        options: writeOptions(options),
      }),
    ),
    origins: settings.origins.join("\n"),
    retentionDays: settings.retentionDays === null ? "" : String(settings.retentionDays),
    email: settings.notify.email ?? "",
    webhook: settings.notify.webhook ?? "",
  });
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    const next: FeedbackFormInput = {
      title: draft.title,
      intro: draft.intro,
      privacy: draft.privacy,
      contact: draft.contact,
      decisions: readOptions(draft.decisions),
      groups: draft.questions.map(({ column, en, zh, options }) => ({
        column: column.trim(),
        question: { en, "zh-CN": zh },
        options: readOptions(options),
      })),
      origins: draft.origins.split(/\s+/).filter((origin) => origin !== ""),
      retentionDays: draft.retentionDays.trim() === "" ? null : Number(draft.retentionDays),
      notify: {
        email: draft.email.trim() === "" ? null : draft.email.trim(),
        webhook: draft.webhook.trim() === "" ? null : draft.webhook.trim(),
      },
    };
    try {
      await client.feedback.updateForm.mutate({ project: form.project.slug, settings: next });
      notice(t("saved"));
      router.refresh();
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form noValidate onSubmit={save} className="max-w-[72ch] border-t border-line pt-4">
      {texts.map((name) => (
        <div key={name} className="grid gap-x-6 sm:grid-cols-2">
          {(["en", "zh-CN"] as const).map((locale) => (
            <Field
              key={locale}
              label={t(`${name}.${locale}`)}
              help={name === "privacy" && locale === "en" ? t("privacy.help") : undefined}
              control={(ids) => (
                <textarea
                  {...ids}
                  lang={locale}
                  rows={name === "title" ? 2 : name === "intro" ? 5 : 9}
                  className="field"
                  value={draft[name][locale]}
                  onChange={(event) => set({ [name]: { ...draft[name], [locale]: event.target.value } })}
                />
              )}
            />
          ))}
        </div>
      ))}
      <Field
        label={t("contact")}
        help={t("contactHelp")}
        control={(ids) => (
          <Input
            {...ids}
            autoComplete="off"
            maxLength={300}
            value={draft.contact}
            onChange={(event) => set({ contact: event.target.value })}
          />
        )}
      />
      <Field
        label={t("decisions")}
        help={t("decisionsHelp")}
        control={(ids) => (
          <textarea
            {...ids}
            rows={4}
            className="field font-mono"
            spellCheck={false}
            value={draft.decisions}
            onChange={(event) => set({ decisions: event.target.value })}
          />
        )}
      />
      <h3 className="m-0 mt-8 mb-1 text-md font-semibold">{t("questions.title")}</h3>
      <p className="m-0 mb-4 text-sm text-muted">{t("questions.note")}</p>
      <QuestionList value={draft.questions} known={known} onValue={(questions) => set({ questions })} />
      <h3 className="m-0 mt-8 mb-3 text-md font-semibold">{t("rest")}</h3>
      <Field
        label={t("origins")}
        help={t("originsHelp")}
        control={(ids) => (
          <textarea
            {...ids}
            rows={2}
            className="field font-mono"
            spellCheck={false}
            value={draft.origins}
            onChange={(event) => set({ origins: event.target.value })}
          />
        )}
      />
      <Field
        label={t("retention")}
        help={t("retentionHelp")}
        control={(ids) => (
          <Input
            {...ids}
            inputMode="numeric"
            className="max-w-32"
            autoComplete="off"
            value={draft.retentionDays}
            onChange={(event) => set({ retentionDays: event.target.value })}
          />
        )}
      />
      <Field
        label={t("email")}
        help={t(server.mail ? "emailHelp" : "emailOff")}
        control={(ids) => (
          <Input
            {...ids}
            type="email"
            autoComplete="off"
            disabled={!server.mail && draft.email === ""}
            value={draft.email}
            onChange={(event) => set({ email: event.target.value })}
          />
        )}
      />
      <Field
        label={t("webhook")}
        help={
          server.webhooks.length === 0
            ? t("webhookOff")
            : t("webhookHelp", { origins: server.webhooks.join(t("comma")) })
        }
        control={(ids) => (
          <Input
            {...ids}
            type="url"
            autoComplete="off"
            disabled={server.webhooks.length === 0 && draft.webhook === ""}
            value={draft.webhook}
            onChange={(event) => set({ webhook: event.target.value })}
          />
        )}
      />
      {settings.notify.webhook === null ? null : (
        <div className="mb-6">
          <CopyText label={t("secret")} text={form.webhookSecret} />
          <Replace slug={form.project.slug} what="webhookSecret" />
        </div>
      )}
      {fault === null ? null : <FaultText fault={fault} />}
      <Button type="submit" tone="primary" disabled={busy}>
        {t("save")}
      </Button>
    </form>
  );
}

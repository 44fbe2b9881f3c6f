"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button, buttonClass } from "../../components/button.tsx";
import { CopyText } from "../../components/copy-text.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { FeedbackForm } from "../../trpc/types.ts";
import { Replace } from "./replace.tsx";

/** Whether the form takes reports, its link, and the lines that show it in another page. */
export function FormDoor({ form }: { form: FeedbackForm }) {
  const t = useTranslations("feedback.door");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  // People get the link by the address that the dashboard is read at.
  const [origin, setOrigin] = useState("");
  useEffect(() => setOrigin(window.location.origin), []);
  const { slug } = form.project;
  const link = `${origin}/f/${form.token}`;
  const title = form.settings.title.en || form.settings.title["zh-CN"];
  const frame = `<iframe src="${link}" title="${title.replace(/[&"<>]/g, "")}" width="100%" height="900" style="border:0" loading="lazy"></iframe>`;
  const turn = async () => {
    setBusy(true);
    setFault(null);
    try {
      await client.feedback.updateForm.mutate({ project: slug, isOpen: !form.isOpen });
      notice(t(form.isOpen ? "nowClosed" : "nowOpen"));
      router.refresh();
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="max-w-[72ch] border-t border-line pt-4">
      <p className="m-0 mb-4">{t(form.isOpen ? "open" : "closed")}</p>
      {fault === null ? null : <FaultText fault={fault} />}
      <div className="mb-6 flex flex-wrap gap-2">
        <Button tone={form.isOpen ? "plain" : "primary"} disabled={busy} onClick={turn}>
          {t(form.isOpen ? "close" : "openIt")}
        </Button>
        <a href={`/f/${form.token}`} target="_blank" rel="noreferrer" className={buttonClass()}>
          {t("look")}
        </a>
        <Replace slug={slug} what="token" />
      </div>
      <CopyText label={t("link")} text={link} />
      <CopyText label={t("embed")} text={frame} />
      <p className="m-0 text-sm text-muted">
        {form.settings.origins.length === 0
          ? t("embedNowhere")
          : t("embedWhere", { sites: form.settings.origins.join(t("comma")) })}
      </p>
    </div>
  );
}

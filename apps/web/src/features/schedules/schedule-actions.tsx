"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Button, ButtonLink } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";

/** Run now, pause or resume, change, delete. */
export function ScheduleActions({
  slug,
  schedule,
}: {
  slug: string;
  schedule: { readonly id: string; readonly name: string; readonly enabled: boolean };
}) {
  const t = useTranslations("schedules.page.actions");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  // Pressed until the page is there anew: pressed again it would do it again.
  const [isLeaving, leave] = useTransition();
  const { id, name, enabled } = schedule;

  /** `work` gives the address to go to; without one the page is drawn anew. */
  const doing = (work: () => Promise<string | null>) => async () => {
    setBusy(true);
    setFault(null);
    try {
      const next = await work();
      leave(() => (next === null ? router.refresh() : router.push(next)));
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="mb-9">
      <div className="flex flex-wrap gap-2">
        <Button
          tone="primary"
          disabled={busy || isLeaving}
          onClick={doing(async () => {
            const run = await client.schedules.runNow.mutate({ id });
            return `/projects/${slug}/runs/${run.number}`;
          })}
        >
          {t("run")}
        </Button>
        <Button
          disabled={busy || isLeaving}
          onClick={doing(async () => {
            await client.schedules.update.mutate({ id, enabled: !enabled });
            notice(t(enabled ? "paused" : "resumed"));
            return null;
          })}
        >
          {t(enabled ? "pause" : "resume")}
        </Button>
        <ButtonLink href={`/projects/${slug}/schedules/${id}/edit`}>{t("edit")}</ButtonLink>
        <Confirm
          trigger={<Button>{t("remove.trigger")}</Button>}
          title={t("remove.title", { name })}
          text={t("remove.text")}
          action={t("remove.action")}
          onConfirm={async () => {
            await client.schedules.remove.mutate({ id });
            notice(t("remove.done", { name }));
            router.push(`/projects/${slug}/schedules`);
            router.refresh();
          }}
        />
      </div>
      {fault === null ? null : <FaultText fault={fault} className="mt-3 text-sm" />}
    </div>
  );
}

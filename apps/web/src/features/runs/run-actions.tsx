"use client";

import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { Button, ButtonLink } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { Menu, MenuLink } from "../../components/menu.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { RunRow } from "../../trpc/types.ts";
import { type DownloadFormat, downloads } from "./downloads.ts";

/** What can be done with a finished run. */
export function RunActions({
  run,
  formats: offered = [],
}: {
  run: Pick<RunRow, "id" | "number" | "project" | "status" | "dataset">;
  /** What its report can be written as, where it has one. */
  formats?: readonly DownloadFormat[];
}) {
  const t = useTranslations("run.actions");
  const formats = useTranslations("formats");
  const locale = useLocale();
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const project = `/projects/${run.project.slug}`;
  const edit = `${project}/new?dataset=${run.dataset?.id ?? ""}&from=${run.number}`;

  const again = async () => {
    setBusy(true);
    setFault(null);
    try {
      const next = await client.runs.again.mutate({ id: run.id });
      router.push(`${project}/runs/${next.number}`);
      router.refresh();
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  };
  return (
    <div className="mb-9">
      <div className="flex flex-wrap gap-2">
        {run.status === "completed" ? (
          <>
            <ButtonLink tone="primary" href={`${project}/runs/${run.number}/report`}>
              {t("report")}
            </ButtonLink>
            <Menu trigger={<Button>{t("download")}</Button>}>
              {downloads(run.id, locale, offered).map(({ format, href }) => (
                <MenuLink key={format} href={href}>
                  {formats(format)}
                  <span className="text-muted">{t(`files.${format}`)}</span>
                </MenuLink>
              ))}
            </Menu>
            <ButtonLink href={`${project}/compare?b=${run.number}`}>{t("compare")}</ButtonLink>
          </>
        ) : null}
        {run.dataset === null ? null : (
          <>
            {run.status === "failed" ? (
              <ButtonLink tone="primary" href={edit}>
                {t("edit")}
              </ButtonLink>
            ) : null}
            <Button onClick={again} disabled={busy}>
              {t("again")}
            </Button>
            {run.status === "failed" ? null : <ButtonLink href={edit}>{t("edit")}</ButtonLink>}
            {run.status === "completed" ? (
              <ButtonLink href={`${project}/schedules/new?from=${run.number}`}>{t("schedule")}</ButtonLink>
            ) : null}
          </>
        )}
        <Confirm
          trigger={<Button>{t("remove.trigger")}</Button>}
          title={t("remove.title", { number: run.number })}
          text={t("remove.text")}
          action={t("remove.action")}
          onConfirm={async () => {
            await client.runs.remove.mutate({ id: run.id });
            notice(t("remove.done", { number: run.number }));
            router.push(project);
            router.refresh();
          }}
        />
      </div>
      {fault === null ? null : <FaultText fault={fault} className="mt-3 text-sm" />}
    </div>
  );
}

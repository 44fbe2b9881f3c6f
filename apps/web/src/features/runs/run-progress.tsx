"use client";

import { useQuery } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Actions, Answer, Section } from "../../components/page.tsx";
import { useTRPC, useTRPCClient } from "../../trpc/client.tsx";
import type { RunDetail } from "../../trpc/types.ts";
import { forward } from "./forward.ts";
import { ProgressBar } from "./progress-bar.tsx";

/** A run under way. The stream reconnects by itself and goes on where it was. */
export function RunProgress({
  run,
  auditNames,
}: {
  run: Pick<RunDetail, "id" | "number" | "status" | "progress">;
  auditNames: Readonly<Record<string, string>>;
}) {
  const t = useTranslations("run.progress");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const router = useRouter();
  const [status, setStatus] = useState(run.status);
  const [audit, setAudit] = useState(run.progress.audit);
  const [stage, setStage] = useState(run.progress.stage);
  const [standing, setStanding] = useState(() => forward({ done: 0, total: 0, fraction: 0 }, run.progress));
  const running = status === "queued" || status === "running";

  const steps = useQuery({
    ...trpc.runs.steps.queryOptions({ id: run.id }),
    refetchInterval: running ? 1500 : false,
  });
  const watch = useSubscription(
    trpc.runs.watch.subscriptionOptions(
      { id: run.id },
      {
        onData: ({ data }) => {
          setStatus(data.status);
          setAudit(data.progress.audit);
          setStage(data.progress.stage);
          setStanding((before) => forward(before, data.progress));
          void steps.refetch();
          if (data.status !== "queued" && data.status !== "running") router.refresh();
        },
      },
    ),
  );
  const byAudit = new Map<string, { done: number; begun: number }>();
  for (const step of steps.data ?? []) {
    const count = byAudit.get(step.audit) ?? { done: 0, begun: 0 };
    byAudit.set(step.audit, { begun: count.begun + 1, done: count.done + (step.finishedAt === null ? 0 : 1) });
  }
  const { done, total, fraction } = standing;
  return (
    <>
      <Answer>
        {total > 0
          ? t("running", { number: run.number, done, total })
          : t(status === "queued" ? "queued" : "starting", { number: run.number })}
      </Answer>
      <ProgressBar label={t("label")} fraction={fraction}>
        {watch.status === "connecting" && watch.error !== null
          ? t("reconnecting")
          : stage !== null
            ? t(stage)
            : audit === null
              ? t("waiting")
              : t("now", { audit: auditNames[audit] ?? audit })}
      </ProgressBar>
      <Actions>
        <Confirm
          trigger={<Button>{t("cancel.trigger")}</Button>}
          title={t("cancel.title")}
          text={t("cancel.text")}
          action={t("cancel.action")}
          onConfirm={async () => {
            await client.runs.cancel.mutate({ id: run.id });
            router.refresh();
          }}
        />
      </Actions>
      <Section title={t("steps.title")} note={t("steps.note")}>
        <table className="ledger">
          <thead>
            <tr>
              <th scope="col">{t("steps.audit")}</th>
              <th scope="col" className="num">
                {t("steps.done")}
              </th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(auditNames)
              .filter(([id]) => byAudit.has(id))
              .map(([id, name]) => (
                <tr key={id}>
                  <th scope="row">{name}</th>
                  <td className="num">
                    {byAudit.get(id)?.done ?? 0} / {byAudit.get(id)?.begun ?? 0}
                  </td>
                </tr>
              ))}
            {byAudit.size === 0 ? (
              <tr>
                <td colSpan={2} className="text-muted">
                  {t("steps.none")}
                </td>
              </tr>
            ) : null}
          </tbody>
        </table>
      </Section>
    </>
  );
}

"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";

/** Removes a report for good, after asking. */
export function ReportRemove({ slug, number }: { slug: string; number: number }) {
  const t = useTranslations("feedback.remove");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  return (
    <Confirm
      trigger={<Button>{t("trigger")}</Button>}
      title={t("title", { number })}
      text={t("text")}
      action={t("action")}
      onConfirm={async () => {
        await client.feedback.remove.mutate({ project: slug, number });
        notice(t("done", { number }));
        router.push(`/projects/${slug}/feedback`);
        router.refresh();
      }}
    />
  );
}

"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";

/** Puts a new link, or a new secret of notices, in the place of one that others should no longer use. */
export function Replace({ slug, what }: { slug: string; what: "token" | "webhookSecret" }) {
  const t = useTranslations(`feedback.replace.${what}`);
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  return (
    <Confirm
      trigger={<Button>{t("trigger")}</Button>}
      title={t("title")}
      text={t("text")}
      action={t("action")}
      onConfirm={async () => {
        await client.feedback.rotate.mutate({ project: slug, what });
        notice(t("done"));
        router.refresh();
      }}
    />
  );
}

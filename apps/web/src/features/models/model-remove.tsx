"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ReactElement } from "react";
import { Confirm } from "../../components/confirm.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";

/** Asks, removes the model with its versions, and goes on to `to` where the page was about it. */
export function ModelRemove({
  model,
  trigger,
  to,
}: {
  model: { id: string; name: string; versions: number };
  trigger: ReactElement;
  to?: string;
}) {
  const t = useTranslations("models.remove");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  return (
    <Confirm
      trigger={trigger}
      title={t("title", { name: model.name })}
      text={t("text", { versions: model.versions })}
      action={t("action")}
      onConfirm={async () => {
        await client.models.remove.mutate({ id: model.id });
        notice(t("done", { name: model.name }));
        if (to !== undefined) router.replace(to);
        router.refresh();
      }}
    />
  );
}

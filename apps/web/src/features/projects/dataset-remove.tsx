"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Confirm } from "../../components/confirm.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";

export function DatasetRemove({ dataset }: { dataset: { id: string; name: string } }) {
  const t = useTranslations("project.data.remove");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  return (
    <Confirm
      trigger={
        <button type="button" className="text-accent hover:underline">
          {t("trigger")}
        </button>
      }
      title={t("title", { name: dataset.name })}
      text={t("text")}
      action={t("action")}
      onConfirm={async () => {
        await client.datasets.remove.mutate({ id: dataset.id });
        notice(t("done", { name: dataset.name }));
        router.refresh();
      }}
    />
  );
}

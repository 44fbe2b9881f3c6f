"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Confirm } from "../../components/confirm.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";

/** Asks, and removes one version; with the last one the model goes, and the page with it. */
export function VersionRemove({
  version,
  last,
  slug,
}: {
  version: { id: string; number: number; runs: number; model: { id: string; name: string } };
  last: boolean;
  slug: string;
}) {
  const t = useTranslations("models.removeVersion");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  const named = { name: version.model.name, number: version.number };
  return (
    <Confirm
      trigger={
        <button type="button" className="text-accent hover:underline">
          {t("trigger")}
          <span className="sr-only">: {version.number}</span>
        </button>
      }
      title={t("title", named)}
      text={t(last ? "textLast" : "text", { runs: version.runs })}
      action={t("action")}
      onConfirm={async () => {
        const { model } = await client.models.removeVersion.mutate({ id: version.id });
        notice(t("done", named));
        router.replace(model ? `/projects/${slug}` : `/projects/${slug}/models/${version.model.id}`);
        router.refresh();
      }}
    />
  );
}

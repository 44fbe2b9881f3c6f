"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { sizeText } from "../../components/quantities.ts";
import { useTRPCClient } from "../../trpc/client.tsx";
import { DropArea } from "./drop-area.tsx";
import { dataExtensions } from "./extensions.ts";
import { Sending } from "./sending.tsx";
import { useUpload } from "./use-upload.ts";

/** From a file to a dataset: send, read, and then on to the columns. `then` is what else the next page is told. */
export function DataStep({
  project,
  limitBytes,
  then,
}: {
  project: { id: string; slug: string };
  limitBytes: number;
  then: string;
}) {
  const t = useTranslations("upload");
  const client = useTRPCClient();
  const router = useRouter();
  const [counts, setCounts] = useState(false);
  const uploading = useUpload({
    project: project.id,
    limitBytes,
    tooLarge: (sizes) => t("tooLarge", sizes),
    finish: async ([{ upload, file }]) => {
      const dataset = await client.datasets.create.mutate({ project: project.id, upload, name: file.name, counts });
      router.replace(`/projects/${project.slug}/new?dataset=${dataset.id}${then}`);
      router.refresh();
    },
  });
  const { state } = uploading;
  if (state.at !== "waiting") return <Sending state={state} uploading={uploading} reading={t("reading")} />;
  return (
    <>
      <DropArea
        title={t("drop")}
        formats={t("formats", { limit: sizeText(limitBytes) })}
        extensions={dataExtensions}
        onFiles={uploading.start}
      />
      <label className="mt-3 flex items-baseline gap-2 text-sm text-muted">
        <input
          type="checkbox"
          checked={counts}
          onChange={(event) => setCounts(event.target.checked)}
          className="accent-ink"
        />
        {t("counts")}
      </label>
    </>
  );
}

"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { ProjectNameForm } from "./project-name-form.tsx";

/** Rename and delete. */
export function ProjectMenu({
  project,
}: {
  project: { id: string; name: string; runs: number; datasets: number; models: number };
}) {
  const t = useTranslations("project");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  const [renaming, setRenaming] = useState(false);
  return (
    <>
      <Dialog
        open={renaming}
        onOpenChange={setRenaming}
        trigger={<Button>{t("rename.trigger")}</Button>}
        title={t("rename.title")}
      >
        <ProjectNameForm
          name={project.name}
          action={t("rename.action")}
          onName={async (name) => {
            const renamed = await client.projects.rename.mutate({ project: project.id, name });
            setRenaming(false);
            notice(t("rename.done"));
            router.replace(`/projects/${renamed.slug}`);
            router.refresh();
          }}
        />
      </Dialog>
      <Confirm
        trigger={<Button>{t("remove.trigger")}</Button>}
        title={t("remove.title", { name: project.name })}
        text={t("remove.text", {
          runs: project.runs,
          datasets: project.datasets,
          models: project.models,
        })}
        action={t("remove.action")}
        onConfirm={async () => {
          await client.projects.remove.mutate({ project: project.id });
          notice(t("remove.done", { name: project.name }));
          router.replace("/");
          router.refresh();
        }}
      />
    </>
  );
}

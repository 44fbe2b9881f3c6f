"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { ProjectNameForm } from "./project-name-form.tsx";

export function NewProject() {
  const t = useTranslations("project.create");
  const client = useTRPCClient();
  const router = useRouter();
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen} trigger={<Button>{t("trigger")}</Button>} title={t("title")}>
      <ProjectNameForm
        action={t("action")}
        onName={async (name) => {
          const project = await client.projects.create.mutate({ name });
          setOpen(false);
          router.push(`/projects/${project.slug}/new`);
          router.refresh();
        }}
      />
    </Dialog>
  );
}

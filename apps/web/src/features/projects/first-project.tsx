"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTRPCClient } from "../../trpc/client.tsx";
import { ProjectNameForm } from "./project-name-form.tsx";

/** The way from nothing to the first audit: a name, then a file. */
export function FirstProject() {
  const t = useTranslations("overview.empty");
  const client = useTRPCClient();
  const router = useRouter();
  return (
    <div className="grid gap-x-16 gap-y-10 border-t border-ink pt-6 md:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
      <ProjectNameForm
        action={t("action")}
        onName={async (name) => {
          const project = await client.projects.create.mutate({ name });
          router.push(`/projects/${project.slug}/new`);
          router.refresh();
        }}
      />
      <ol className="m-0 grid list-none content-start gap-3 p-0 text-sm text-muted">
        {(["file", "roles", "findings"] as const).map((step, index) => (
          <li key={step} className="grid grid-cols-[1.5rem_1fr]">
            <span>{index + 1}</span>
            <span className="max-w-[52ch]">{t(`steps.${step}`)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Answer } from "../../../../../../../components/page.tsx";
import { findProject } from "../../../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../../../features/projects/project-crumb.tsx";
import { ScheduleForm } from "../../../../../../../features/schedules/schedule-form.tsx";
import { answerOf, api } from "../../../../../../../trpc/server.ts";

type Props = { params: Promise<{ slug: string; id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("schedules"))("editTitle") };
}

/** Another plan, other data or other times. */
export default async function EditSchedulePage({ params }: Props) {
  const [{ slug, id }, client, t] = await Promise.all([params, api(), getTranslations("schedules")]);
  const [project, schedule, datasets, form] = await Promise.all([
    findProject(slug),
    answerOf(client.schedules.get.query({ id })),
    answerOf(client.datasets.list.query({ project: slug })),
    answerOf(client.feedback.form.query({ project: slug })),
  ]);
  if (schedule.project.id !== project.id) notFound();
  return (
    <>
      <ProjectCrumb
        project={project}
        within={[
          { path: "/schedules", name: t("title") },
          { path: `/schedules/${id}`, name: schedule.name },
        ]}
      />
      <Answer>{t("editTitle")}</Answer>
      <ScheduleForm
        key={id}
        slug={slug}
        schedule={{ id }}
        start={{ ...schedule, run: null }}
        runs={[]}
        datasets={[...new Set([schedule.dataset, ...datasets.map(({ name }) => name)])]}
        told={form.settings.notify}
      />
    </>
  );
}

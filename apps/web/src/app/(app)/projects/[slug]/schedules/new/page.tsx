import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTimeZone, getTranslations } from "next-intl/server";
import { Answer, Lede } from "../../../../../../components/page.tsx";
import { findProject } from "../../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../../features/projects/project-crumb.tsx";
import { findRun } from "../../../../../../features/runs/find-run.ts";
import { ScheduleForm } from "../../../../../../features/schedules/schedule-form.tsx";
import { answerOf, api } from "../../../../../../trpc/server.ts";

type Props = {
  params: Promise<{ slug: string }>;
  searchParams: Promise<Partial<Record<"from", string | string[]>>>;
};

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("schedules"))("newTitle") };
}

/** A plan of a run, put on a schedule. */
export default async function NewSchedulePage({ params, searchParams }: Props) {
  const [{ slug }, { from }, client, t, timeZone] = await Promise.all([
    params,
    searchParams,
    api(),
    getTranslations("schedules"),
    getTimeZone(),
  ]);
  const [project, runs, datasets, form] = await Promise.all([
    findProject(slug),
    answerOf(client.runs.list.query({ project: slug, pageSize: 50 })),
    answerOf(client.datasets.list.query({ project: slug })),
    answerOf(client.feedback.form.query({ project: slug })),
  ]);
  const usable = runs.items.filter(({ dataset }) => dataset !== null);
  const number = typeof from === "string" ? from : usable[0]?.number.toString();
  if (number === undefined) redirect(`/projects/${slug}/schedules`);
  const run = await findRun(slug, number);
  if (run.dataset === null) redirect(`/projects/${slug}/schedules`);
  const choices = usable.some(({ id }) => id === run.id) ? usable : [run, ...usable];
  return (
    <>
      <ProjectCrumb project={project} within={[{ path: "/schedules", name: t("title") }]} />
      <Answer>{t("newTitle")}</Answer>
      <Lede>{t("lede")}</Lede>
      <ScheduleForm
        key={run.id}
        slug={slug}
        schedule={null}
        start={{
          ...{ name: run.title, planYaml: run.planYaml, dataset: run.dataset.name, run: run.number },
          ...{ cron: "0 6 * * *", timeZone, runUnchanged: false, notify: true },
        }}
        runs={choices.map((one) => ({ number: one.number, title: one.title }))}
        datasets={[...new Set(datasets.map(({ name }) => name))]}
        told={form.settings.notify}
      />
    </>
  );
}

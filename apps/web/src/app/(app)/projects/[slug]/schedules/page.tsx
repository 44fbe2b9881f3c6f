import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ButtonLink } from "../../../../../components/button.tsx";
import { Actions, Answer, Lede, Section } from "../../../../../components/page.tsx";
import { findProject } from "../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../features/projects/project-crumb.tsx";
import { ScheduleLedger } from "../../../../../features/schedules/schedule-ledger.tsx";
import { answerOf, api } from "../../../../../trpc/server.ts";

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("schedules"))("title") };
}

/** Which audits run by themselves, when next, and what came of them last. */
export default async function SchedulesPage({ params }: Props) {
  const [{ slug }, client, t] = await Promise.all([params, api(), getTranslations("schedules")]);
  const [project, schedules, runs] = await Promise.all([
    findProject(slug),
    answerOf(client.schedules.list.query({ project: slug })),
    answerOf(client.runs.list.query({ project: slug, pageSize: 50 })),
  ]);
  const total = schedules.length;
  const paused = schedules.filter(({ enabled }) => !enabled).length;
  const canMake = runs.items.some(({ dataset }) => dataset !== null);
  return (
    <>
      <ProjectCrumb project={project} />
      <Answer>
        {total === 0
          ? t("answer.none")
          : paused === total
            ? t("answer.allPaused", { total })
            : t("answer.some", { total: total - paused, paused })}
      </Answer>
      <Lede>
        {t("lede")}
        {total === 0 && !canMake ? ` ${t("needsRun")}` : ""}
      </Lede>
      <Actions>
        {canMake ? (
          <ButtonLink tone="primary" href={`/projects/${slug}/schedules/new`}>
            {t("new")}
          </ButtonLink>
        ) : (
          <ButtonLink tone="primary" href={`/projects/${slug}/new`}>
            {t("newAudit")}
          </ButtonLink>
        )}
      </Actions>
      {total === 0 ? null : (
        <Section title={t("title")}>
          <ScheduleLedger schedules={schedules} slug={slug} />
        </Section>
      )}
    </>
  );
}

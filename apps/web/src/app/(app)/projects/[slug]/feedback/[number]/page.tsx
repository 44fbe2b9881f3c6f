import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ButtonLink } from "../../../../../../components/button.tsx";
import { Moment } from "../../../../../../components/moment.tsx";
import { Actions, Answer, Section } from "../../../../../../components/page.tsx";
import { FeedbackStateText } from "../../../../../../features/feedback/feedback-state.tsx";
import { History } from "../../../../../../features/feedback/history.tsx";
import { ReportRemove } from "../../../../../../features/feedback/report-remove.tsx";
import { ReportText } from "../../../../../../features/feedback/report-text.tsx";
import { Triage } from "../../../../../../features/feedback/triage.tsx";
import { findProject } from "../../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../../features/projects/project-crumb.tsx";
import { answerOf, api } from "../../../../../../trpc/server.ts";

type Props = { params: Promise<{ slug: string; number: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ number }, t] = await Promise.all([params, getTranslations("feedback")]);
  return { title: t("report.title", { number }) };
}

/** What this person says happened, where it stands, and what was done. */
export default async function ReportPage({ params }: Props) {
  const [{ slug, number }, client, t] = await Promise.all([params, api(), getTranslations("feedback")]);
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound();
  const [project, report, assignees, runs] = await Promise.all([
    findProject(slug),
    answerOf(client.feedback.get.query({ project: slug, number: Number(number) })),
    answerOf(client.feedback.assignees.query({ project: slug })),
    answerOf(client.runs.list.query({ project: slug, pageSize: 100 })),
  ]);
  const linked = report.run === null ? null : await answerOf(client.runs.get.query({ id: report.run.id }));
  const completed = runs.items.filter((run) => run.status === "completed");
  const choices = [...(linked && !completed.some(({ id }) => id === linked.id) ? [linked] : []), ...completed];
  return (
    <>
      <ProjectCrumb project={project} within={[{ path: "/feedback", name: t("title") }]}>
        <span>
          {t("report.received")} <Moment at={report.receivedAt} />
        </span>
        <FeedbackStateText state={report.state} />
      </ProjectCrumb>
      <Answer>{t(`report.answer.${report.state}`, { number: report.number })}</Answer>
      <Actions>
        {linked?.dataset ? (
          <ButtonLink href={`/projects/${slug}/new?dataset=${linked.dataset.id}&from=${linked.number}`}>
            {t("report.auditAgain")}
          </ButtonLink>
        ) : null}
        <ReportRemove slug={slug} number={report.number} />
      </Actions>
      <Section title={t("report.said")}>
        <ReportText report={report} slug={slug} />
      </Section>
      {report.state === "withdrawn" ? null : (
        <Section title={t("triage.title")}>
          <Triage
            key={`${report.state} ${report.events.length}`}
            report={report}
            slug={slug}
            assignees={assignees}
            runs={choices.map((run) => ({ id: run.id, number: run.number, title: run.title }))}
          />
        </Section>
      )}
      <Section title={t("history.title")}>
        <History events={report.events} />
      </Section>
    </>
  );
}

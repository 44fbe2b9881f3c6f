import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { ButtonLink } from "../../../../../components/button.tsx";
import { Actions, Answer, Lede, Section } from "../../../../../components/page.tsx";
import { ExportMenu } from "../../../../../features/feedback/export-menu.tsx";
import { FeedbackFilters } from "../../../../../features/feedback/feedback-filters.tsx";
import { FeedbackLedger } from "../../../../../features/feedback/feedback-ledger.tsx";
import {
  feedbackListInput,
  loadFeedbackSearch,
  pageSize,
  writeGroup,
} from "../../../../../features/feedback/feedback-search.ts";
import { findProject } from "../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../features/projects/project-crumb.tsx";
import { answerOf, api } from "../../../../../trpc/server.ts";

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("feedback"))("title") };
}

/** What people affected say, and what waits for somebody. */
export default async function FeedbackPage({ params, searchParams }: Props) {
  const [{ slug }, search, client, t, locale] = await Promise.all([
    params,
    loadFeedbackSearch(searchParams),
    api(),
    getTranslations("feedback"),
    getLocale(),
  ]);
  const [project, form, reports, counts, assignees] = await Promise.all([
    findProject(slug),
    answerOf(client.feedback.form.query({ project: slug })),
    answerOf(client.feedback.list.query({ project: slug, ...feedbackListInput(search, Date.now()) })),
    answerOf(client.feedback.counts.query({ project: slug })),
    answerOf(client.feedback.assignees.query({ project: slug })),
  ]);
  const { states } = counts;
  const total = Object.values(states).reduce((sum, count) => sum + count, 0);
  const groups = form.settings.groups.flatMap(({ column, options }) =>
    options.map(({ value, label }) => ({
      value: writeGroup(column, value),
      label: `${column}: ${label[locale] || value}`,
    })),
  );
  return (
    <>
      <ProjectCrumb project={project} />
      <Answer>
        {total === 0
          ? t(form.isOpen ? "answer.none" : "answer.closed")
          : t("answer.some", { waiting: states.new, reviewed: states["in-review"] })}
      </Answer>
      <Lede>
        {total === 0
          ? t(form.isOpen ? "lede.none" : "lede.closed")
          : t("lede.some", {
              total,
              upheld: states.upheld + states.resolved,
              dismissed: states.dismissed,
            })}
        {total > 0 && !form.isOpen ? ` ${t("lede.shut")}` : ""}
      </Lede>
      <Actions>
        <ButtonLink tone={total === 0 ? "primary" : "plain"} href={`/projects/${slug}/feedback/form`}>
          {t("formLink")}
        </ButtonLink>
        {total === 0 ? null : <ExportMenu slug={slug} />}
      </Actions>
      {total === 0 ? null : (
        <Section title={t("reports")} note={t("total", { total })}>
          <FeedbackFilters assignees={assignees} groups={groups} />
          <FeedbackLedger
            reports={reports.items}
            slug={slug}
            total={reports.total}
            page={search.page}
            pageSize={pageSize}
          />
        </Section>
      )}
    </>
  );
}

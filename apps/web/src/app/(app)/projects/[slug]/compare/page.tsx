import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTimeZone, getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { ButtonLink } from "../../../../../components/button.tsx";
import { Actions, Answer, Crumb, Lede } from "../../../../../components/page.tsx";
import { chooseSides } from "../../../../../features/comparison/choose-sides.ts";
import { loadSides } from "../../../../../features/comparison/comparison-search.ts";
import { ComparisonView } from "../../../../../features/comparison/comparison-view.tsx";
import { findCandidates } from "../../../../../features/comparison/find-candidates.ts";
import { SideChoice } from "../../../../../features/comparison/side-choice.tsx";
import { findProject } from "../../../../../features/projects/find-project.ts";
import { answerOf, api } from "../../../../../trpc/server.ts";

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("comparison"))("title") };
}

/** Better or worse: two runs of a project, number by number. */
export default async function ComparePage({ params, searchParams }: Props) {
  const [{ slug }, asked, client, t, locale, timeZone] = await Promise.all([
    params,
    loadSides(searchParams),
    api(),
    getTranslations("comparison"),
    getLocale(),
    getTimeZone(),
  ]);
  const [project, runs, audits] = await Promise.all([
    findProject(slug),
    findCandidates(slug, [asked.a, asked.b]),
    answerOf(client.audits.list.query()),
  ]);
  const sides = chooseSides(runs, asked);
  const dates = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : "zh-CN", { dateStyle: "medium", timeZone });
  const crumb = (
    <Crumb
      way={[
        <Link key="project" href={`/projects/${slug}`}>
          {project.name}
        </Link>,
        t("title"),
      ]}
    />
  );
  const choice = (
    <SideChoice
      runs={runs.map((run) => ({
        number: run.number,
        title: run.title,
        detail: [
          ...(run.dataset === null || run.dataset.name === run.title ? [] : [run.dataset.name]),
          ...(run.model === null ? [] : [`${run.model.name} ${run.model.number}`]),
          dates.format(new Date(run.finishedAt ?? run.createdAt)),
        ].join(" · "),
      }))}
      a={"a" in sides ? sides.a.number : asked.a}
      b={"b" in sides ? sides.b.number : asked.b}
    />
  );
  if (sides.kind === "too-few") {
    return (
      <>
        {crumb}
        <Answer>{t("few.answer", { count: runs.length })}</Answer>
        <Lede>{t("few.text")}</Lede>
        <Actions>
          <ButtonLink tone="primary" href={`/projects/${slug}/new`}>
            {t("few.newAudit")}
          </ButtonLink>
        </Actions>
      </>
    );
  }
  if (sides.kind !== "pair") {
    return (
      <>
        {crumb}
        <Answer>
          {sides.kind === "same"
            ? t("same.answer", { number: sides.a.number })
            : t("missing.answer", { number: sides.number })}
        </Answer>
        <Lede>{t(`${sides.kind}.text`)}</Lede>
        {choice}
      </>
    );
  }
  const comparison = await answerOf(client.runs.compare.query({ a: sides.a.id, b: sides.b.id }));
  return (
    <>
      {crumb}
      <ComparisonView
        comparison={comparison}
        numbers={{ a: sides.a.number, b: sides.b.number }}
        choice={choice}
        auditNames={Object.fromEntries(audits.map(({ id, text }) => [id, text[locale].name]))}
      />
    </>
  );
}

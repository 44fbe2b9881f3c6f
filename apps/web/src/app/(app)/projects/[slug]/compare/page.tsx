import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTimeZone, getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { ButtonLink } from "../../../../../components/button.tsx";
import { Actions, Answer, Lede } from "../../../../../components/page.tsx";
import { chooseSides } from "../../../../../features/comparison/choose-sides.ts";
import { loadSides } from "../../../../../features/comparison/comparison-search.ts";
import { ComparisonView } from "../../../../../features/comparison/comparison-view.tsx";
import { EarlierComparisons } from "../../../../../features/comparison/earlier-comparisons.tsx";
import { findCandidates } from "../../../../../features/comparison/find-candidates.ts";
import { RowByRow } from "../../../../../features/comparison/row-by-row.tsx";
import { SideChoice } from "../../../../../features/comparison/side-choice.tsx";
import { findProject } from "../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../features/projects/project-crumb.tsx";
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
  const named = asked.id === null ? null : await answerOf(client.comparisons.get.query({ id: asked.id }));
  const numbers = named === null ? { a: asked.a, b: asked.b } : { a: named.from.number, b: named.to.number };
  const [project, runs, audits] = await Promise.all([
    findProject(slug),
    findCandidates(slug, [numbers.a, numbers.b]),
    answerOf(client.audits.list.query()),
  ]);
  if (named !== null && named.project.id !== project.id) notFound();
  const sides = chooseSides(runs, numbers);
  const dates = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : "zh-CN", { dateStyle: "medium", timeZone });
  const crumb = <ProjectCrumb project={project} here={t("title")} />;
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
      a={"a" in sides ? sides.a.number : numbers.a}
      b={"b" in sides ? sides.b.number : numbers.b}
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
  const pair = { from: sides.a.id, to: sides.b.id };
  const [pairing, { items: newest }, earlier] = await Promise.all([
    answerOf(client.comparisons.pairing.query(pair)),
    answerOf(client.comparisons.list.query({ project: slug, ...pair, pageSize: 1 })),
    answerOf(client.comparisons.list.query({ project: slug, status: "completed", pageSize: 10 })),
  ]);
  const standing = named ?? newest[0] ?? null;
  const paired =
    asked.how === "intervals" || standing?.status !== "completed"
      ? null
      : (named ?? (await answerOf(client.comparisons.get.query({ id: standing.id })))).result;
  const comparison = paired ?? (await answerOf(client.runs.compare.query({ a: sides.a.id, b: sides.b.id })));
  const address = (search: Record<string, string | number>) =>
    `/projects/${slug}/compare?${new URLSearchParams(Object.entries(search).map(([key, value]) => [key, String(value)]))}`;
  const both = { a: sides.a.number, b: sides.b.number };
  return (
    <>
      {crumb}
      <ComparisonView
        comparison={comparison}
        numbers={both}
        choice={choice}
        rowByRow={
          <RowByRow
            key={`${pair.from} ${pair.to} ${standing?.id ?? ""} ${standing?.status ?? ""}`}
            project={project.id}
            pair={pair}
            reason={pairing.reason?.[locale] ?? null}
            standing={
              standing && {
                id: standing.id,
                status: standing.status,
                progress: standing.progress,
                error: standing.error,
              }
            }
            shown={paired === null ? "intervals" : "rows"}
            links={{ rows: address(both), intervals: address({ ...both, how: "intervals" }) }}
          />
        }
        auditNames={Object.fromEntries(audits.map(({ id, text }) => [id, text[locale].name]))}
      />
      <EarlierComparisons comparisons={earlier.items} slug={slug} />
    </>
  );
}

import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { ButtonLink } from "../../../../../components/button.tsx";
import { Actions, Answer, Lede, Section } from "../../../../../components/page.tsx";
import { sentenceStart } from "../../../../../components/sentence-start.ts";
import { findCandidates } from "../../../../../features/comparison/find-candidates.ts";
import { MitigationForm } from "../../../../../features/mitigation/mitigation-form.tsx";
import { loadMitigationSearch } from "../../../../../features/mitigation/mitigation-search.ts";
import { RunChoice } from "../../../../../features/mitigation/run-choice.tsx";
import { auditForms } from "../../../../../features/plans/audit-forms.ts";
import { findProject } from "../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../features/projects/project-crumb.tsx";
import { RunLedger } from "../../../../../features/runs/run-ledger.tsx";
import { answerOf, api } from "../../../../../trpc/server.ts";

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<SearchParams> };

const mostShown = 10;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("mitigation"))("title") };
}

/** What can be done about it: a mitigation of a run, tried as a run of its own. */
export default async function MitigatePage({ params, searchParams }: Props) {
  const [{ slug }, asked, client, t, sides, locale] = await Promise.all([
    params,
    loadMitigationSearch(searchParams),
    api(),
    getTranslations("mitigation"),
    getTranslations("comparison.sides"),
    getLocale(),
  ]);
  const [project, completed, audits] = await Promise.all([
    findProject(slug),
    findCandidates(slug, [asked.run]),
    answerOf(client.audits.list.query()),
  ]);
  const crumb = <ProjectCrumb project={project} here={t("title")} />;
  // A pushed report has no rows here; one that was asked for is told why.
  const runs = completed.filter(({ origin, number }) => origin === "server" || number === asked.run);
  // A mitigation answers an audit: the newest of those stands first.
  const run =
    asked.run === null
      ? (runs.find(({ source }) => source === null) ?? runs[0])
      : runs.find(({ number }) => number === asked.run);
  if (runs.length === 0) {
    return (
      <>
        {crumb}
        <Answer>{t("none.answer")}</Answer>
        <Lede>{t("none.text")}</Lede>
        <Actions>
          <ButtonLink tone="primary" href={`/projects/${slug}/new`}>
            {t("none.newAudit")}
          </ButtonLink>
        </Actions>
      </>
    );
  }
  const choice = (
    <RunChoice
      value={run?.number ?? asked.run}
      runs={runs.map(({ number, title, dataset, model }) => ({
        number,
        text: sides("run", {
          number,
          title,
          detail: [dataset?.name, model === null ? undefined : `${model.name} ${model.number}`]
            .filter((one) => one !== undefined)
            .join(" · "),
        }),
      }))}
    />
  );
  if (run === undefined) {
    return (
      <>
        {crumb}
        <Answer>{t("missing.answer", { number: asked.run ?? 0 })}</Answer>
        <Lede>{t("missing.text")}</Lede>
        {choice}
      </>
    );
  }
  const [options, tried] = await Promise.all([
    answerOf(client.mitigations.options.query({ run: run.id })),
    answerOf(client.runs.list.query({ project: slug, source: run.source?.id ?? run.id, pageSize: mostShown })),
  ]);
  const usable = options.methods.some(({ reason }) => reason === null);
  const reason = options.reason ?? (usable ? null : (options.methods[0]?.reason ?? null));
  const [audit] = auditForms(
    audits.filter(({ id }) => id === "fairness.mitigation"),
    locale,
  );
  return (
    <>
      {crumb}
      <Answer>{t(reason === null ? "answer" : "cannot", { number: run.number })}</Answer>
      <Lede>{reason === null ? t("lede") : sentenceStart(reason[locale])}</Lede>
      {choice}
      {reason !== null || audit === undefined ? null : (
        <MitigationForm
          key={`${run.id} ${asked.by?.join(" ") ?? ""} ${asked.constraint ?? ""}`}
          project={{ id: project.id, slug }}
          options={options}
          chosen={{ by: asked.by ?? [], constraint: asked.constraint }}
          audit={audit}
        />
      )}
      {tried.items.length === 0 ? null : (
        <Section id="tried" title={t("tried")} note={t("triedNote", { number: run.source?.number ?? run.number })}>
          <RunLedger runs={tried.items} slug={slug} total={tried.items.length} page={1} pageSize={mostShown} />
        </Section>
      )}
    </>
  );
}

import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { ButtonLink } from "../../../../../components/button.tsx";
import { Moment } from "../../../../../components/moment.tsx";
import { Actions, Answer, Crumb, Section } from "../../../../../components/page.tsx";
import { outcomeOf } from "../../../../../components/verdict.tsx";
import { ModelLedger } from "../../../../../features/models/model-ledger.tsx";
import { PushButton } from "../../../../../features/models/push-button.tsx";
import { DatasetLedger } from "../../../../../features/projects/dataset-ledger.tsx";
import { findProject } from "../../../../../features/projects/find-project.ts";
import { ProjectMenu } from "../../../../../features/projects/project-menu.tsx";
import { RunFilters } from "../../../../../features/runs/run-filters.tsx";
import { RunLedger } from "../../../../../features/runs/run-ledger.tsx";
import { loadRunSearch, pageSize, runListInput } from "../../../../../features/runs/run-search.ts";
import { answerOf, api } from "../../../../../trpc/server.ts";

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug } = await params;
  return { title: (await findProject(slug)).name };
}

/** Where this model stands: its runs, its files and its data. */
export default async function ProjectPage({ params, searchParams }: Props) {
  const [{ slug }, search, client, t] = await Promise.all([
    params,
    loadRunSearch(searchParams),
    api(),
    getTranslations("project"),
  ]);
  const [project, runs, datasets, models, system] = await Promise.all([
    findProject(slug),
    answerOf(client.runs.list.query({ project: slug, ...runListInput(search) })),
    answerOf(client.datasets.list.query({ project: slug })),
    answerOf(client.models.list.query({ project: slug })),
    answerOf(client.system.info.query()),
  ]);
  const last = project.lastRun;
  return (
    <>
      <Crumb
        way={[
          <Link key="projects" href="/">
            {t("crumb")}
          </Link>,
        ]}
      >
        <span>
          {t("since")} <Moment at={project.createdAt} />
        </span>
      </Crumb>
      <Answer>
        {last === null
          ? t("answer.empty", { name: project.name })
          : t(`answer.${outcomeOf(last)}`, { name: project.name, number: last.number })}
      </Answer>
      <Actions>
        <ButtonLink tone="primary" href={`/projects/${project.slug}/new`}>
          {t("newAudit")}
        </ButtonLink>
        <ProjectMenu project={project} />
      </Actions>
      {project.runs === 0 ? (
        <Section title={t("runs.title")}>
          <div className="border-t border-line pt-3">
            <p className="m-0 max-w-[60ch] text-sm text-muted">{t("runs.empty")}</p>
          </div>
        </Section>
      ) : (
        <Section
          title={t("runs.title")}
          note={t("runs.total", { total: project.runs })}
          actions={
            project.runs < 2 ? undefined : (
              <ButtonLink href={`/projects/${project.slug}/compare`}>{t("runs.compare")}</ButtonLink>
            )
          }
        >
          <RunFilters />
          <RunLedger runs={runs.items} slug={project.slug} total={runs.total} page={search.page} pageSize={pageSize} />
        </Section>
      )}
      <Section
        id="models"
        title={t("models.title")}
        note={t("models.note")}
        actions={
          <PushButton
            project={{ id: project.id, slug: project.slug }}
            limitBytes={system.uploadLimitBytes}
            datasets={datasets.map(({ id, name }) => ({ id, name }))}
            label={t("models.push")}
          />
        }
      >
        <ModelLedger models={models} slug={project.slug} />
      </Section>
      <Section id="data" title={t("data.title")} note={t("data.note")}>
        <DatasetLedger datasets={datasets} slug={project.slug} />
      </Section>
    </>
  );
}

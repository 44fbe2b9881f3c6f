import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { Answer, Lede, Section } from "../../../../../components/page.tsx";
import { PlaceChoice } from "../../../../../features/browser-audits/place-choice.tsx";
import { TabAudit } from "../../../../../features/browser-audits/tab-audit-page.tsx";
import { auditForms } from "../../../../../features/plans/audit-forms.ts";
import { PlanEditor } from "../../../../../features/plans/plan-editor.tsx";
import { DatasetChoice } from "../../../../../features/projects/dataset-choice.tsx";
import { findProject } from "../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../features/projects/project-crumb.tsx";
import { findRun } from "../../../../../features/runs/find-run.ts";
import { DataStep } from "../../../../../features/uploads/data-step.tsx";
import { answerOf, api } from "../../../../../trpc/server.ts";

type Search = Partial<Record<"dataset" | "from" | "model" | "place", string | string[]>>;
type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Search> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("newAudit"))("title") };
}

/** How do I start: a file, then its columns, and the model that decides on them where there is one. */
export default async function NewAuditPage({ params, searchParams }: Props) {
  const [{ slug }, { dataset: datasetId, from, model, place }, client, t, quantity, locale] = await Promise.all([
    params,
    searchParams,
    api(),
    getTranslations("newAudit"),
    getTranslations("quantity"),
    getLocale(),
  ]);
  const project = await findProject(slug);
  const crumb = <ProjectCrumb project={project} here={t("crumb")} />;
  const modelId = typeof model === "string" ? model : undefined;
  const then = modelId === undefined ? "" : `&model=${encodeURIComponent(modelId)}`;
  if (typeof datasetId !== "string" && place === "browser") {
    const [audits, policies, system, models] = await Promise.all([
      answerOf(client.audits.list.query()),
      answerOf(client.policies.list.query()),
      answerOf(client.system.info.query()),
      answerOf(client.models.list.query({ project: project.id })),
    ]);
    return (
      <>
        {crumb}
        <TabAudit
          project={{ id: project.id, slug: project.slug }}
          models={models.map(({ id, name, latest }) => ({ id, name, latest }))}
          audits={audits}
          policies={policies}
          version={system.version}
          choice={<PlaceChoice slug={project.slug} value="browser" then={then} />}
        />
      </>
    );
  }
  if (typeof datasetId !== "string") {
    const [datasets, system] = await Promise.all([
      answerOf(client.datasets.list.query({ project: project.id })),
      answerOf(client.system.info.query()),
    ]);
    return (
      <>
        {crumb}
        <PlaceChoice slug={project.slug} value="server" then={then} />
        <Answer>{t("start")}</Answer>
        <Lede>{t("startLede")}</Lede>
        <div className="mb-14">
          <DataStep project={project} limitBytes={system.uploadLimitBytes} then={then} />
        </div>
        {datasets.length === 0 ? null : (
          <Section title={t("known")}>
            <DatasetChoice datasets={datasets} slug={project.slug} then={then} />
          </Section>
        )}
      </>
    );
  }
  const [dataset, guess, audits, policies, earlier, models, datasets, system] = await Promise.all([
    answerOf(client.datasets.get.query({ id: datasetId })),
    answerOf(client.plans.guess.query({ dataset: datasetId, model: modelId })),
    answerOf(client.audits.list.query()),
    answerOf(client.policies.list.query()),
    typeof from === "string" ? findRun(slug, from) : null,
    answerOf(client.models.list.query({ project: project.id })),
    answerOf(client.datasets.list.query({ project: project.id })),
    answerOf(client.system.info.query()),
  ]);
  const chosen = earlier === null ? modelId : earlier.model?.id;
  const newest = models.map(({ latest }) => latest);
  const older =
    chosen === undefined || newest.some(({ id }) => id === chosen)
      ? []
      : [await answerOf(client.models.version.query({ id: chosen }))];
  return (
    <>
      {crumb}
      <Answer>{t(earlier === null ? "check" : "change", { number: earlier?.number ?? 0 })}</Answer>
      <Lede>
        {t(earlier === null ? "checkLede" : "changeLede", {
          file: dataset.name,
          rows: quantity(dataset.counts ? "counted" : "rows", { count: dataset.rows }),
          columns: dataset.columns.length,
        })}
        {dataset.warnings.map((warning) => (
          <span key={warning.en} className="mt-1 block text-sm">
            {warning[locale]}
          </span>
        ))}
      </Lede>
      <PlanEditor
        key={`${dataset.id} ${earlier?.id ?? ""} ${chosen ?? ""}`}
        project={{ id: project.id, slug: project.slug }}
        dataset={{ id: dataset.id, rows: dataset.rows, columns: dataset.columns }}
        yaml={earlier?.planYaml ?? guess.yaml}
        audits={auditForms(audits, locale)}
        policies={policies}
        models={[...newest, ...older]}
        modelId={chosen}
        limitBytes={system.uploadLimitBytes}
        endpoints={system.endpoints}
        datasets={datasets.map(({ id, name }) => ({ id, name }))}
      />
    </>
  );
}

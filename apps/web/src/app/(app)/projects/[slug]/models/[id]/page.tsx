import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Button, ButtonLink } from "../../../../../../components/button.tsx";
import { Fold } from "../../../../../../components/fold.tsx";
import { Actions, Answer, Lede, Section } from "../../../../../../components/page.tsx";
import { CardForm } from "../../../../../../features/models/card-form.tsx";
import { ModelKind } from "../../../../../../features/models/model-kind.tsx";
import { ModelRemove } from "../../../../../../features/models/model-remove.tsx";
import { PushButton } from "../../../../../../features/models/push-button.tsx";
import { VersionFiles } from "../../../../../../features/models/version-files.tsx";
import { VersionLedger } from "../../../../../../features/models/version-ledger.tsx";
import { findProject } from "../../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../../features/projects/project-crumb.tsx";
import { answerOf, api } from "../../../../../../trpc/server.ts";

type Props = {
  params: Promise<{ slug: string; id: string }>;
  searchParams: Promise<{ version?: string | string[] }>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ id }, client] = await Promise.all([params, api()]);
  return { title: (await answerOf(client.models.get.query({ id }))).name };
}

/** What this model is: its versions, what people say of them, what they were trained on. */
export default async function ModelPage({ params, searchParams }: Props) {
  const [{ slug, id }, { version: wanted }, client, t] = await Promise.all([
    params,
    searchParams,
    api(),
    getTranslations("models"),
  ]);
  const [project, model, datasets, system] = await Promise.all([
    findProject(slug),
    answerOf(client.models.get.query({ id })),
    answerOf(client.datasets.list.query({ project: slug })),
    answerOf(client.system.info.query()),
  ]);
  if (model.project !== project.id) notFound();
  const version = model.versions.find(({ number }) => String(number) === wanted) ?? model.latest;
  const { about } = version;
  return (
    <>
      <ProjectCrumb project={project} within={[{ path: "#models", name: t("title") }]} />
      <Answer>{t("page.answer", { name: model.name, number: version.number })}</Answer>
      <Lede>
        <ModelKind about={about} />
        {about.classes === null
          ? null
          : `${t("page.semicolon")}${t("page.classes", { classes: about.classes.join(t("page.comma")) })}`}
        {about.parameters === null
          ? null
          : `${t("page.semicolon")}${t("page.parameters", { count: about.parameters })}`}
      </Lede>
      <Actions>
        <ButtonLink tone="primary" href={`/projects/${slug}/new?model=${version.id}`}>
          {t("page.newAudit")}
        </ButtonLink>
        <PushButton
          project={{ id: project.id, slug }}
          limitBytes={system.uploadLimitBytes}
          datasets={datasets.map(({ id: dataset, name }) => ({ id: dataset, name }))}
          name={model.name}
          label={t("page.newVersion")}
        />
        <ModelRemove
          model={{ id: model.id, name: model.name, versions: model.versions.length }}
          trigger={<Button>{t("remove.trigger")}</Button>}
          to={`/projects/${slug}`}
        />
      </Actions>
      <Section title={t("page.versions")} note={t("page.versionsNote")}>
        <VersionLedger versions={model.versions} slug={slug} shown={version.id} />
      </Section>
      {version.files.length === 0 ? null : (
        <Section title={t("page.files")} note={t("card.note", { number: version.number })}>
          <VersionFiles version={version} />
        </Section>
      )}
      <Section title={t("card.title")} note={t("card.note", { number: version.number })}>
        <CardForm
          key={version.id}
          version={version}
          datasets={datasets.map(({ id: dataset, name }) => ({ id: dataset, name }))}
        />
      </Section>
      <Fold summary={t("page.inputs", { count: about.inputs.length })}>
        <ol className="m-0 mb-6 columns-2 pl-6 text-sm sm:columns-3">
          {about.inputs.map((input) => (
            <li key={input.name} className="break-words">
              {input.name} <span className="text-xs text-muted">{t(`page.kinds.${input.kind}`)}</span>
            </li>
          ))}
        </ol>
      </Fold>
    </>
  );
}

import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Answer, Lede, Section } from "../../../../../../components/page.tsx";
import { FormDoor } from "../../../../../../features/feedback/form-door.tsx";
import { FormSettings } from "../../../../../../features/feedback/form-settings.tsx";
import type { KnownGroups } from "../../../../../../features/feedback/question-list.tsx";
import { readPlanView } from "../../../../../../features/plans/plan-view.ts";
import { findProject } from "../../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../../features/projects/project-crumb.tsx";
import { answerOf, api } from "../../../../../../trpc/server.ts";

type Props = { params: Promise<{ slug: string }> };

/** Columns with more values are none that people find themselves in. */
const mostGroups = 12;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("feedback"))("formTitle") };
}

/** What people affected are asked, where the form is, and who is told. */
export default async function FeedbackFormPage({ params }: Props) {
  const [{ slug }, client, t] = await Promise.all([params, api(), getTranslations("feedback")]);
  const [project, form, datasets, system, runs] = await Promise.all([
    findProject(slug),
    answerOf(client.feedback.form.query({ project: slug })),
    answerOf(client.datasets.list.query({ project: slug })),
    answerOf(client.system.info.query()),
    answerOf(client.runs.list.query({ project: slug, pageSize: 1 })),
  ]);
  const [newest] = datasets;
  const columns = newest === undefined ? [] : (await answerOf(client.datasets.get.query({ id: newest.id }))).columns;
  // Where a plan says what is protected, nothing else of the data is asked after: a label or a decision is no group of people.
  const [run] = runs.items;
  const reading =
    run === undefined ? null : readPlanView((await answerOf(client.runs.get.query({ id: run.id }))).planYaml);
  const asked = reading?.ok === true && reading.view.lists.protected.length > 0 ? reading.view.lists.protected : null;
  const known = columns.flatMap(({ name, type, distinct, top }): KnownGroups[] =>
    (asked === null || asked.includes(name)) &&
    type === "text" &&
    distinct !== null &&
    distinct >= 2 &&
    distinct <= mostGroups
      ? [{ column: name, values: top.map(({ value }) => value).sort() }]
      : [],
  );
  return (
    <>
      <ProjectCrumb project={project} within={[{ path: "/feedback", name: t("title") }]} />
      <Answer>{t(form.isOpen ? "formAnswer.open" : "formAnswer.closed")}</Answer>
      <Lede>{t("formLede")}</Lede>
      <Section title={t("door.title")}>
        <FormDoor form={form} />
      </Section>
      <Section title={t("form.heading")}>
        <FormSettings
          key={form.project.id}
          form={form}
          known={known.slice(0, 12)}
          server={{ webhooks: system.webhooks, mail: system.mail }}
        />
      </Section>
    </>
  );
}

import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { findProject } from "../../../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../../../features/projects/project-crumb.tsx";
import { downloadFormats } from "../../../../../../../features/runs/downloads.ts";
import { findRun } from "../../../../../../../features/runs/find-run.ts";
import { ReportBar } from "../../../../../../../features/runs/report-bar.tsx";
import { answerOf, api } from "../../../../../../../trpc/server.ts";

type Props = { params: Promise<{ slug: string; number: string }>; searchParams: Promise<{ lang?: string | string[] }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ number }, t] = await Promise.all([params, getTranslations("reportPage")]);
  return { title: t("title", { number }) };
}

/** What do I hand over: the document as it will print. */
export default async function ReportPage({ params, searchParams }: Props) {
  const [{ slug, number }, { lang }, t, here] = await Promise.all([
    params,
    searchParams,
    getTranslations("reportPage"),
    getLocale(),
  ]);
  const [project, run] = await Promise.all([findProject(slug), findRun(slug, number)]);
  if (run.status !== "completed") redirect(`/projects/${slug}/runs/${number}`);
  const client = await api();
  const report = await answerOf(client.reports.get.query({ run: run.id }));
  const locale = lang === "en" || lang === "zh-CN" ? lang : here;
  return (
    <>
      <ProjectCrumb
        project={project}
        within={[{ path: `/runs/${run.number}`, name: t("run", { number: run.number }) }]}
        here={t("crumb")}
      />
      <h1 className="sr-only">{t("title", { number })}</h1>
      <ReportBar runId={run.id} locale={locale} formats={downloadFormats(report)} />
    </>
  );
}

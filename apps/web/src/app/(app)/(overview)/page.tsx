import { getTranslations } from "next-intl/server";
import { Answer, Lede, Section } from "../../../components/page.tsx";
import { FirstProject } from "../../../features/projects/first-project.tsx";
import { NewProject } from "../../../features/projects/new-project.tsx";
import { ProjectLedger } from "../../../features/projects/project-ledger.tsx";
import { standOf } from "../../../features/projects/stand.ts";
import { LatestRuns } from "../../../features/runs/latest-runs.tsx";
import { answerOf, api } from "../../../trpc/server.ts";
import type { Project } from "../../../trpc/types.ts";

/** So many runs are listed; no older run of a project can be among them. */
const latest = 8;

/** Is anything wrong, and what changed. */
export default async function OverviewPage() {
  const t = await getTranslations("overview");
  const client = await api();
  const projects = await answerOf(client.projects.list.query());
  if (projects.length === 0) {
    return (
      <>
        <Answer>{t("empty.title")}</Answer>
        <Lede>{t("empty.lede")}</Lede>
        <FirstProject />
      </>
    );
  }
  const changed = (project: Project) => project.lastRun?.createdAt ?? project.createdAt;
  const newest = [...projects].sort((a, b) => changed(b).localeCompare(changed(a)));
  const lists = await Promise.all(
    newest
      .slice(0, latest)
      .filter((project) => project.runs > 0)
      .map((project) => answerOf(client.runs.list.query({ project: project.id, pageSize: latest }))),
  );
  const all = lists.flatMap(({ items }) => items);
  // A run that was cancelled says nothing: the one before it stands.
  const stand = standOf(
    projects.map((project) => ({
      name: project.name,
      runs: project.runs,
      lastRun: all.find((run) => run.project.id === project.id && run.status !== "cancelled") ?? project.lastRun,
    })),
  );
  const runs = [...all].sort((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, latest);
  return (
    <>
      <Answer>
        {t(`answer.${stand.kind}`, {
          all: stand.count === projects.length ? "yes" : "no",
          count: stand.count,
          name: stand.name,
          total: projects.length,
          runs: stand.runs,
        })}
      </Answer>
      <Lede>{t("lede", { total: projects.length, runs: stand.runs })}</Lede>
      <div className="mb-9">
        <NewProject />
      </div>
      <Section title={t("projects")}>
        <ProjectLedger projects={newest} />
      </Section>
      <LatestRuns runs={runs} />
    </>
  );
}

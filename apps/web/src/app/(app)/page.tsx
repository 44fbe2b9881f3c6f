import { getTranslations } from "next-intl/server";
import { Answer, Lede } from "../../components/page.tsx";
import { FirstProject } from "../../features/projects/first-project.tsx";
import { NewProject } from "../../features/projects/new-project.tsx";
import { ProjectLedger } from "../../features/projects/project-ledger.tsx";
import { standOf } from "../../features/projects/stand.ts";
import { answerOf, api } from "../../trpc/server.ts";

/** Is anything wrong, and what changed. */
export default async function OverviewPage() {
  const t = await getTranslations("overview");
  const projects = await answerOf((await api()).projects.list.query());
  if (projects.length === 0) {
    return (
      <>
        <Answer>{t("empty.title")}</Answer>
        <Lede>{t("empty.lede")}</Lede>
        <FirstProject />
      </>
    );
  }
  const stand = standOf(projects);
  return (
    <>
      <Answer>{t(`answer.${stand.kind}`, { count: stand.count, total: projects.length })}</Answer>
      <Lede>{t("lede", { total: projects.length, runs: stand.runs })}</Lede>
      <div className="mb-9">
        <NewProject />
      </div>
      <ProjectLedger projects={projects} />
    </>
  );
}

import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Moment } from "../../components/moment.tsx";
import { FindingCounts, outcomeOf, Verdict } from "../../components/verdict.tsx";
import type { Project } from "../../trpc/types.ts";

/** Projects with their last run, in the order given. */
export async function ProjectLedger({ projects }: { projects: readonly Project[] }) {
  const t = await getTranslations("overview.table");
  const changed = (project: Project) => project.lastRun?.createdAt ?? project.createdAt;
  return (
    <div className="overflow-x-auto">
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">{t("project")}</th>
            <th scope="col">{t("lastRun")}</th>
            <th scope="col">{t("findings")}</th>
            <th scope="col" className="num max-md:hidden">
              {t("runs")}
            </th>
            <th scope="col" className="num max-md:hidden">
              {t("changed")}
            </th>
          </tr>
        </thead>
        <tbody>
          {projects.map((project) => (
            <tr key={project.id}>
              <th scope="row" className="max-w-64 truncate">
                <Link href={`/projects/${project.slug}`} className="plain">
                  {project.name}
                </Link>
              </th>
              <td>
                {project.lastRun === null ? (
                  <Link href={`/projects/${project.slug}/new`}>{t("start")}</Link>
                ) : (
                  <Link
                    href={`/projects/${project.slug}/runs/${project.lastRun.number}`}
                    className="plain inline-flex flex-wrap gap-x-3"
                  >
                    <Verdict outcome={outcomeOf(project.lastRun)} />
                    <span className="text-muted">{t("run", { number: project.lastRun.number })}</span>
                  </Link>
                )}
              </td>
              <td>{project.lastRun === null ? null : <FindingCounts counts={project.lastRun.counts} />}</td>
              <td className="num max-md:hidden">{project.runs}</td>
              <td className="num text-muted max-md:hidden">
                <Moment at={changed(project)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

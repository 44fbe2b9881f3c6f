import Link from "next/link";
import { useTranslations } from "next-intl";
import { Moment } from "../../components/moment.tsx";
import { Section } from "../../components/page.tsx";
import { FindingCounts, outcomeOf, Verdict } from "../../components/verdict.tsx";
import type { RunRow } from "../../trpc/types.ts";

/** What changed: the newest runs of all projects. */
export function LatestRuns({ runs }: { runs: readonly RunRow[] }) {
  const t = useTranslations("overview.latest");
  if (runs.length === 0) return null;
  return (
    <Section title={t("title")}>
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">{t("run")}</th>
            <th scope="col">{t("verdict")}</th>
            <th scope="col" className="max-sm:hidden">
              {t("findings")}
            </th>
            <th scope="col" className="num max-md:hidden">
              {t("started")}
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id} className="relative hover:bg-wash">
              <th scope="row">
                <Link
                  href={`/projects/${run.project.slug}/runs/${run.number}`}
                  className="plain after:absolute after:inset-0 hover:no-underline"
                >
                  {run.title}
                </Link>
                <span className="ml-2 font-normal text-muted">
                  {t("of", { project: run.project.name, number: run.number })}
                </span>
              </th>
              <td>
                <Verdict outcome={outcomeOf(run)} />
              </td>
              <td className="max-sm:hidden">
                <FindingCounts counts={run.counts} />
              </td>
              <td className="num text-muted max-md:hidden">
                <Moment at={run.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Moment } from "../../components/moment.tsx";
import { Pages } from "../../components/pages.tsx";
import { durationText } from "../../components/quantities.ts";
import { RowCell } from "../../components/row-count.tsx";
import { FindingCounts, outcomeOf, Verdict } from "../../components/verdict.tsx";
import type { RunRow } from "../../trpc/types.ts";

/** The runs of a project, a page at a time. */
export function RunLedger({
  runs,
  slug,
  total,
  page,
  pageSize,
}: {
  runs: readonly RunRow[];
  slug: string;
  total: number;
  page: number;
  pageSize: number;
}) {
  const t = useTranslations("runs.table");
  if (runs.length === 0) return <p className="m-0 border-t border-ink pt-3 text-sm text-muted">{t("none")}</p>;
  return (
    <>
      <div className="overflow-x-auto">
        <table className="ledger">
          <thead>
            <tr>
              <th scope="col">{t("number")}</th>
              <th scope="col">{t("verdict")}</th>
              <th scope="col">{t("findings")}</th>
              <th scope="col" className="max-md:hidden">
                {t("audit")}
              </th>
              <th scope="col" className="num max-md:hidden">
                {t("rows")}
              </th>
              <th scope="col" className="num max-md:hidden">
                {t("took")}
              </th>
              <th scope="col" className="num max-sm:hidden">
                {t("started")}
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id} className="relative hover:bg-wash">
                <th scope="row">
                  <Link
                    href={`/projects/${slug}/runs/${run.number}`}
                    className="plain after:absolute after:inset-0 hover:no-underline"
                  >
                    <span className="sr-only">{t("run")} </span>
                    {run.number}
                  </Link>
                </th>
                <td>
                  <span className="inline-flex flex-wrap gap-x-2">
                    <Verdict outcome={outcomeOf(run)} />
                    {run.origin === "pushed" ? <span className="text-xs text-muted">{t("pushed")}</span> : null}
                  </span>
                </td>
                <td>
                  <FindingCounts counts={run.counts} />
                </td>
                <td className="max-w-80 truncate max-md:hidden">
                  {run.title}
                  {run.dataset === null || run.dataset.name === run.title ? null : (
                    <span className="ml-2 text-xs text-muted">{run.dataset.name}</span>
                  )}
                  {run.model === null ? null : (
                    <span className="ml-2 text-xs text-muted">
                      {t("model", { name: run.model.name, number: run.model.number })}
                    </span>
                  )}
                </td>
                <td className="num max-md:hidden">{run.dataset === null ? "–" : <RowCell of={run.dataset} />}</td>
                <td className="num max-md:hidden">
                  {run.startedAt === null || run.finishedAt === null
                    ? "–"
                    : durationText(Date.parse(run.finishedAt) - Date.parse(run.startedAt))}
                </td>
                <td className="num text-muted max-sm:hidden">
                  <Moment at={run.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pages page={page} pageSize={pageSize} total={total} />
    </>
  );
}

import { displayText } from "@assay/report/text";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Moment } from "../../components/moment.tsx";
import { Pages } from "../../components/pages.tsx";
import type { FeedbackRow } from "../../trpc/types.ts";
import { FeedbackStateText } from "./feedback-state.tsx";

/** Reports, a page at a time; a row opens its report. */
export function FeedbackLedger({
  reports,
  slug,
  total,
  page,
  pageSize,
}: {
  reports: readonly FeedbackRow[];
  slug: string;
  total: number;
  page: number;
  pageSize: number;
}) {
  const t = useTranslations("feedback.table");
  if (reports.length === 0) return <p className="m-0 border-t border-ink pt-3 text-sm text-muted">{t("none")}</p>;
  return (
    <>
      <div className="overflow-x-auto">
        <table className="ledger">
          <thead>
            <tr>
              <th scope="col">{t("number")}</th>
              <th scope="col">{t("state")}</th>
              <th scope="col">{t("what")}</th>
              <th scope="col" className="max-md:hidden">
                {t("group")}
              </th>
              <th scope="col" className="max-md:hidden">
                {t("assignee")}
              </th>
              <th scope="col" className="num max-sm:hidden">
                {t("received")}
              </th>
            </tr>
          </thead>
          <tbody>
            {reports.map((report) => (
              <tr key={report.number} className="relative hover:bg-wash">
                <th scope="row">
                  <Link
                    href={`/projects/${slug}/feedback/${report.number}`}
                    className="plain after:absolute after:inset-0 hover:no-underline"
                  >
                    <span className="sr-only">{t("report")} </span>
                    {report.number}
                  </Link>
                </th>
                <td>
                  <FeedbackStateText state={report.state} />
                </td>
                <td className="max-w-md truncate max-sm:max-w-40" lang={report.locale}>
                  {report.what === "" ? (
                    <span className="text-muted">{t("erased")}</span>
                  ) : (
                    <bdi>{report.what.slice(0, 200)}</bdi>
                  )}
                  {report.decision === null ? null : <bdi className="ml-2 text-xs text-muted">{report.decision}</bdi>}
                </td>
                <td className="max-w-48 truncate max-md:hidden">
                  {Object.values(report.group).map(displayText).join(" · ") || "–"}
                </td>
                <td className="max-w-40 truncate max-md:hidden">{report.assignee?.name ?? "–"}</td>
                <td className="num text-muted max-sm:hidden">
                  <Moment at={report.receivedAt} />
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

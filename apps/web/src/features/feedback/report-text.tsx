import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { FeedbackDetail } from "../../trpc/types.ts";

/** What was written, and what its sender said of themselves. */
export function ReportText({ report, slug }: { report: FeedbackDetail; slug: string }) {
  const t = useTranslations("feedback.report");
  const group = Object.entries(report.group);
  return (
    <div className="border-t border-line pt-4">
      {report.what === "" ? (
        <p className="m-0 mb-4 max-w-[68ch] text-muted">{t(report.state === "withdrawn" ? "withdrawn" : "erased")}</p>
      ) : (
        <p lang={report.locale} className="m-0 mb-5 max-w-[68ch] break-words whitespace-pre-line">
          {report.what}
        </p>
      )}
      <dl className="m-0 grid gap-x-4 gap-y-1 text-sm leading-6 sm:grid-cols-[140px_minmax(0,1fr)]">
        <Row term={t("decision")}>{report.decision ?? "–"}</Row>
        <Row term={t("reference")}>{report.decisionReference || "–"}</Row>
        {group.map(([column, value]) => (
          <Row key={column} term={column}>
            {value}
          </Row>
        ))}
        <Row term={t("contact")}>{report.contact || "–"}</Row>
        <Row term={t("language")}>{t(`languages.${report.locale}`)}</Row>
        {report.run === null ? null : (
          <Row term={t("run")}>
            <Link
              href={`/projects/${slug}/runs/${report.run.number}${report.finding === null ? "" : "#findings"}`}
              className="underline underline-offset-2"
            >
              {t("runNumber", { number: report.run.number })}
            </Link>
            {report.finding === null ? null : <span className="ml-2 text-muted">{report.finding.audit}</span>}
          </Row>
        )}
        {report.rowId === "" ? null : <Row term={t("row")}>{report.rowId}</Row>}
      </dl>
    </div>
  );
}

function Row({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="break-words text-muted">{term}</dt>
      <dd className="m-0 break-words max-sm:mb-1">{children}</dd>
    </>
  );
}

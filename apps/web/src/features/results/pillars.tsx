import { type AuditResult, type Pillar, pillars, type Report } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { DigestText } from "../../components/digest.tsx";
import { Section } from "../../components/page.tsx";
import type { AuditInfo } from "../../trpc/types.ts";
import { ReportFigure } from "./figure.tsx";
import { ReportTable } from "./report-table.tsx";

/** Every audit by pillar: its question, what the findings do not already show, its tables and how it was done. */
export function Pillars({
  report,
  audits,
  shown,
}: {
  report: Report;
  audits: readonly AuditInfo[];
  shown: ReadonlySet<string>;
}) {
  const t = useTranslations("results");
  return pillars
    .map((pillar) => ({ pillar, results: report.audits.filter(({ id }) => id.startsWith(`${pillar}.`)) }))
    .filter(({ results }) => results.length > 0)
    .map(({ pillar, results }) => (
      <Section key={pillar} id={pillar} title={t(`pillars.${pillar satisfies Pillar}`)}>
        {results.map((result) => (
          <AuditPart key={result.id} result={result} info={audits.find(({ id }) => id === result.id)} shown={shown} />
        ))}
      </Section>
    ));
}

function AuditPart({
  result,
  info,
  shown,
}: {
  result: AuditResult;
  info: AuditInfo | undefined;
  shown: ReadonlySet<string>;
}) {
  const t = useTranslations("results.audit");
  const locale = useLocale();
  const text = info?.text[locale];
  const figures = result.figures.filter(({ id }) => !shown.has(`${result.id} ${id}`));
  return (
    <div className="border-t border-line pt-5 pb-8">
      <h3 className="m-0 text-md font-semibold">{text?.name ?? result.id}</h3>
      {text === undefined ? null : <p className="m-0 mb-4 max-w-[68ch] text-sm text-muted">{text.question}</p>}
      {result.status === "completed" ? null : (
        <p className="m-0 mb-4 max-w-[68ch] text-sm">
          <span className={result.status === "failed" ? "font-semibold text-fail" : "font-semibold text-muted"}>
            <span aria-hidden="true">{result.status === "failed" ? "✕ " : "– "}</span>
            {t(result.status)}
          </span>{" "}
          {result.reason?.[locale]}
        </p>
      )}
      {figures.length === 0 ? null : (
        <div className="mb-6 grid gap-x-12 gap-y-9 md:grid-cols-2">
          {figures.map((figure) => (
            <ReportFigure key={figure.id} figure={figure} titled />
          ))}
        </div>
      )}
      {result.tables.map((table) => (
        <div key={table.id} className="mt-6">
          <h4 className="m-0 text-sm font-semibold">{table.title[locale]}</h4>
          <p className="m-0 mb-1 max-w-[80ch] text-sm text-muted">{table.caption[locale]}</p>
          <ReportTable table={table} />
        </div>
      ))}
      {text === undefined ? null : (
        <details className="group mt-4 text-sm">
          <summary className="list-none text-muted hover:text-ink">
            <span aria-hidden="true" className="mr-2 inline-block transition-transform group-open:rotate-90">
              ›
            </span>
            {t("how")}
            <span className="sr-only">: {text.name}</span>
          </summary>
          <dl className="mt-2 mb-0 grid max-w-[76ch] gap-x-6 gap-y-2 sm:grid-cols-[8rem_minmax(0,1fr)]">
            {(["method", "reading", "action", "limits"] as const).map((part) => (
              <div key={part} className="contents">
                <dt className="text-muted">{t(part)}</dt>
                <dd className="m-0">{text[part]}</dd>
              </div>
            ))}
            <dt className="text-muted">{t("references")}</dt>
            <dd className="m-0">
              <ul className="m-0 list-none p-0">
                {info?.references.map((reference) => (
                  <li key={`${reference.of} ${reference.url}`}>
                    {reference.of}:{" "}
                    <a href={reference.url} rel="noreferrer" target="_blank">
                      {reference.citation}
                    </a>
                  </li>
                ))}
              </ul>
            </dd>
            {result.summary === null ? null : (
              <>
                <dt className="text-muted">{t("summary")}</dt>
                <dd className="m-0">
                  <DigestText value={result.summary} />{" "}
                  <span className="text-muted">{t("version", { version: result.version })}</span>
                </dd>
              </>
            )}
          </dl>
        </details>
      )}
    </div>
  );
}

import { tieNumbers } from "@assay/report/text";
import { type AuditResult, type Figure, pillars, type Report, type Table } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { Fold } from "../../components/fold.tsx";
import { Section } from "../../components/page.tsx";
import { sentenceStart } from "../../components/sentence-start.ts";
import type { AuditInfo } from "../../trpc/types.ts";
import type { Drawing } from "./drawing.ts";
import { ReportFigure } from "./figure.tsx";
import { MethodFold } from "./method-fold.tsx";
import { ReportTable } from "./report-table.tsx";

/** So many figures and tables of an audit are open; the others are a press away. */
const openFigures = 4;
const openTables = 2;

/** Every audit by pillar: its question, the figures that no finding shows yet, its tables and how it was done. */
export function Pillars({
  report,
  audits,
  shown,
  Drawing,
}: {
  report: Report;
  audits: readonly AuditInfo[];
  shown: ReadonlySet<string>;
  Drawing: Drawing;
}) {
  const t = useTranslations("results");
  const skipped = report.audits.filter(({ status }) => status === "skipped");
  return (
    <>
      {pillars
        .map((pillar) => ({
          pillar,
          results: report.audits.filter(({ id, status }) => id.startsWith(`${pillar}.`) && status !== "skipped"),
        }))
        .filter(({ results }) => results.length > 0)
        .map(({ pillar, results }) => (
          <Section key={pillar} id={pillar} title={t(`pillars.${pillar}`)}>
            {results.map((result) => (
              <AuditPart
                key={result.id}
                result={result}
                info={audits.find(({ id }) => id === result.id)}
                shown={shown}
                digest={report.digest}
                Drawing={Drawing}
              />
            ))}
          </Section>
        ))}
      {skipped.length === 0 ? null : <Skipped results={skipped} audits={audits} />}
    </>
  );
}

function AuditPart({
  result,
  info,
  shown,
  digest,
  Drawing,
}: {
  result: AuditResult;
  info: AuditInfo | undefined;
  shown: ReadonlySet<string>;
  digest: string;
  Drawing: Drawing;
}) {
  const t = useTranslations("results.audit");
  const locale = useLocale();
  const text = info?.text[locale];
  const figures = result.figures.filter(({ id }) => !shown.has(`${result.id} ${id}`));
  const [moreFigures, moreTables] = [figures.slice(openFigures), result.tables.slice(openTables)];
  return (
    <div className="border-t border-line pt-5 pb-8">
      <h3 className="m-0 text-md font-semibold">{text?.name ?? result.id}</h3>
      {text === undefined ? null : <p className="m-0 mb-5 max-w-[68ch] text-sm text-muted">{text.question}</p>}
      {result.status === "failed" ? (
        <p className="m-0 mb-4 max-w-[68ch] text-sm">
          <span className="font-semibold text-fail">
            <span aria-hidden="true">✕ </span>
            {t("failed")}
          </span>{" "}
          {result.reason?.[locale]}
        </p>
      ) : null}
      {result.volatile === true ? <p className="m-0 mb-4 max-w-[68ch] text-sm text-muted">{t("volatile")}</p> : null}
      <Figures figures={figures.slice(0, openFigures)} digest={digest} audit={result.id} Drawing={Drawing} />
      <Tables tables={result.tables.slice(0, openTables)} />
      {moreFigures.length === 0 ? null : (
        <Fold summary={t("moreFigures", { count: moreFigures.length })}>
          <Figures figures={moreFigures} digest={digest} audit={result.id} Drawing={Drawing} />
        </Fold>
      )}
      {moreTables.length === 0 ? null : (
        <Fold summary={t("moreTables", { count: moreTables.length })}>
          <Tables tables={moreTables} />
        </Fold>
      )}
      {info === undefined ? null : <MethodFold info={info} result={result} />}
    </div>
  );
}

function Figures({
  figures,
  digest,
  audit,
  Drawing,
}: {
  figures: readonly Figure[];
  digest: string;
  audit: string;
  Drawing: Drawing;
}) {
  if (figures.length === 0) return null;
  return (
    <div className="mb-8 grid gap-x-12 gap-y-9 md:grid-cols-2">
      {figures.map((figure) => (
        <ReportFigure key={figure.id} figure={figure} digest={digest} audit={audit} Drawing={Drawing} titled />
      ))}
    </div>
  );
}

function Tables({ tables }: { tables: readonly Table[] }) {
  const locale = useLocale();
  return tables.map((table) => (
    <div key={table.id} className="mb-8">
      <h4 className="m-0 text-sm font-semibold">{table.title[locale]}</h4>
      <p className="m-0 mb-1 max-w-[80ch] text-sm text-muted">{tieNumbers(table.caption[locale], locale)}</p>
      <ReportTable table={table} />
    </div>
  ));
}

/** Audits that the plan's roles do not allow, each with its reason. */
function Skipped({ results, audits }: { results: readonly AuditResult[]; audits: readonly AuditInfo[] }) {
  const t = useTranslations("results.audit");
  const locale = useLocale();
  return (
    <Section title={t("skipped")}>
      <ul className="m-0 list-none border-t border-line p-0 text-sm">
        {results.map((result) => (
          <li key={result.id} className="grid border-b border-line py-2 sm:grid-cols-[14rem_minmax(0,1fr)]">
            <b className="font-medium">{audits.find(({ id }) => id === result.id)?.text[locale].name ?? result.id}</b>
            <span className="text-muted">{sentenceStart(result.reason?.[locale] ?? "")}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

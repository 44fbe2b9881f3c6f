import { answer, ledeOf, type PlacedFinding, tieNumbers } from "@assay/report/text";
import type { Report } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Answer, Lede } from "../../components/page.tsx";
import type { AuditInfo } from "../../trpc/types.ts";
import { Checks, RuleLedger } from "./checks.tsx";
import { DataNotes } from "./data-notes.tsx";
import type { Drawing } from "./drawing.ts";
import { Evidence, type Place } from "./evidence.tsx";
import { Findings, figuresShown } from "./findings.tsx";
import { Laws } from "./laws.tsx";
import { Pillars } from "./pillars.tsx";

/** What did we find: the answer, the checks, findings by severity, then pillars, then the evidence. */
export function Results({
  report,
  place,
  fileName,
  audits,
  actions,
  drawn,
  next,
  Drawing,
}: {
  report: Report;
  place: Place;
  /** Of the data, where it goes by another name than the plan has. */
  fileName?: string | undefined;
  audits: readonly AuditInfo[];
  /** What can be done with it, under the answer. */
  actions: ReactNode;
  /** Figures that stand elsewhere on the page already, as `<audit> <figure>`. */
  drawn?: ReadonlySet<string>;
  /** What can be done about a finding, under it. */
  next?: (placed: PlacedFinding) => ReactNode;
  Drawing: Drawing;
}) {
  const t = useTranslations("results");
  const locale = useLocale();
  const said = place.at === "server" ? null : t(place.at === "tab" && place.pushed ? "tabPushed" : place.at);
  return (
    <>
      <Answer>{tieNumbers(answer(report, locale), locale)}</Answer>
      <Lede>
        {ledeOf(report, locale, fileName)}
        {said === null ? null : `${locale === "en" ? " " : ""}${said}`}
      </Lede>
      {actions}
      <Checks report={report} />
      <DataNotes warnings={report.data.warnings} />
      <Findings report={report} Drawing={Drawing} next={next} />
      <RuleLedger report={report} />
      <Pillars
        report={report}
        audits={audits}
        shown={new Set([...figuresShown(report), ...(drawn ?? [])])}
        Drawing={Drawing}
      />
      <Laws report={report} />
      <Evidence report={report} place={place} />
    </>
  );
}

import { answer, ledeOf, tieNumbers } from "@assay/report";
import type { Report } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { Answer, Lede } from "../../components/page.tsx";
import type { AuditInfo, RunRow } from "../../trpc/types.ts";
import { RunActions } from "../runs/run-actions.tsx";
import { Checks, RuleLedger } from "./checks.tsx";
import { DataNotes } from "./data-notes.tsx";
import { Evidence } from "./evidence.tsx";
import { Findings, figuresShown } from "./findings.tsx";
import { Pillars } from "./pillars.tsx";

/** What did we find: the answer, the checks, findings by severity, then pillars, then the evidence. */
export function Results({ report, run, audits }: { report: Report; run: RunRow; audits: readonly AuditInfo[] }) {
  const t = useTranslations("results");
  const locale = useLocale();
  return (
    <>
      <Answer>{tieNumbers(answer(report, locale), locale)}</Answer>
      <Lede>
        {ledeOf(report, locale, run.dataset?.name)}
        {run.origin === "pushed" ? `${locale === "en" ? " " : ""}${t("pushed")}` : null}
      </Lede>
      <RunActions run={run} />
      <Checks report={report} />
      <DataNotes warnings={report.data.warnings} />
      <Findings report={report} />
      <RuleLedger report={report} />
      <Pillars report={report} audits={audits} shown={figuresShown(report)} />
      <Evidence report={report} run={run} />
    </>
  );
}

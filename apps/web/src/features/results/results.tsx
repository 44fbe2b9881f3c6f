import { answer } from "@assay/report";
import type { Report } from "@assay/schema";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import { Answer, Lede } from "../../components/page.tsx";
import type { AuditInfo, RunRow } from "../../trpc/types.ts";
import { RunActions } from "../runs/run-actions.tsx";
import { Checks, RuleLedger } from "./checks.tsx";
import { Evidence } from "./evidence.tsx";
import { Findings, figuresShown } from "./findings.tsx";
import { Pillars } from "./pillars.tsx";

/** What did we find: the answer, the checks, findings by severity, then pillars, then the evidence. */
export function Results({ report, run, audits }: { report: Report; run: RunRow; audits: readonly AuditInfo[] }) {
  const t = useTranslations("results");
  const locale = useLocale();
  const format = useFormatter();
  const { plan, data } = report;
  return (
    <>
      <Answer>{answer(report, locale)}</Answer>
      <Lede>
        {t("lede", {
          rows: data.rows,
          count: format.number(data.rows),
          file: run.dataset?.name ?? plan.data.file ?? plan.data.counts ?? run.title,
        })}
        {locale === "en" ? " " : null}
        <Positive plan={plan} />
      </Lede>
      <RunActions run={run} />
      <Checks report={report} />
      <Findings report={report} />
      <RuleLedger report={report} />
      <Pillars report={report} audits={audits} shown={figuresShown(report)} />
      <Evidence report={report} run={run} />
    </>
  );
}

/** What the positive decision means, in the plan's own terms. */
function Positive({ plan }: { plan: Report["plan"] }) {
  const t = useTranslations("results.positive");
  const { decision, label, positive } = plan.columns;
  if (decision !== undefined && typeof decision !== "string") {
    return "at_least" in decision
      ? t("atLeast", { column: decision.column, bound: String(decision.at_least) })
      : t("equals", { column: decision.column, value: decision.equals });
  }
  const column = decision ?? label;
  return column === undefined ? null : t("equals", { column, value: positive ?? "1" });
}

import { findingParts, type PlacedFinding, tieNumbers } from "@assay/report/text";
import type { Report } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Fold } from "../../components/fold.tsx";
import { Section } from "../../components/page.tsx";
import { Verdict } from "../../components/verdict.tsx";
import type { Drawing } from "./drawing.ts";
import { ReportFigure } from "./figure.tsx";
import { rankFindings } from "./rank-findings.ts";

/** What fails and what weighs most, gravest first, each with its figure; the others folded away under a count. */
export function Findings({
  report,
  Drawing,
  next,
}: {
  report: Report;
  Drawing: Drawing;
  /** What can be done about a finding, under it. */
  next?: ((placed: PlacedFinding) => ReactNode) | undefined;
}) {
  const t = useTranslations("results.findings");
  const { grave, rest } = rankFindings(report);
  const count = (verdict: PlacedFinding["verdict"]) => rest.filter((placed) => placed.verdict === verdict).length;
  const counts = (["indeterminate", "info", "pass"] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => t(`count.${verdict}`, { count: count(verdict) }));
  return (
    <Section id="findings" title={t("title")}>
      {grave.length === 0 ? (
        <p className="m-0 border-t border-line pt-3 text-sm text-muted">{t("none")}</p>
      ) : (
        grave.map(({ key, findings, figure }) => (
          <article
            key={key}
            className="grid gap-x-10 gap-y-5 border-t border-line pt-6 pb-7 md:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]"
          >
            <div className={figure === null ? "grid gap-6 md:col-span-2" : "grid content-start gap-6"}>
              {findings.map((placed) => (
                <FindingText key={placed.finding.id} placed={placed} next={next?.(placed)} />
              ))}
            </div>
            {figure === null ? null : (
              <ReportFigure
                figure={figure}
                digest={report.digest}
                audit={findings[0]?.audit.id ?? ""}
                Drawing={Drawing}
              />
            )}
          </article>
        ))
      )}
      {rest.length === 0 ? null : (
        <Fold summary={t("rest", { count: rest.length, kinds: counts.join(t("comma")) })}>
          <ul className="m-0 list-none p-0">
            {rest.map((placed) => (
              <li key={`${placed.audit.id} ${placed.finding.id}`} className="border-t border-line py-4">
                <FindingText placed={placed} />
              </li>
            ))}
          </ul>
        </Fold>
      )}
    </Section>
  );
}

/** A finding in words, under its verdict. */
export function FindingText({ placed: { finding, verdict }, next }: { placed: PlacedFinding; next?: ReactNode }) {
  const t = useTranslations("results.findings");
  const locale = useLocale();
  const { claim, rest } = findingParts(tieNumbers(finding.text[locale], locale));
  return (
    <div>
      <Verdict outcome={verdict} note={verdict === "fail" ? t(`severity.${finding.severity}`) : undefined} />
      <h3 className="m-0 mt-0.5 mb-1.5 max-w-[40em] text-md font-semibold">{claim}</h3>
      {rest === "" ? null : <p className="m-0 max-w-[68ch]">{rest}</p>}
      {next}
    </div>
  );
}

/** Figures that stand beside findings, so that the pillars need not draw them again. */
export function figuresShown(report: Report): ReadonlySet<string> {
  return new Set(
    rankFindings(report).grave.flatMap(({ findings: [first], figure }) =>
      first === undefined || figure === null ? [] : [`${first.audit.id} ${figure.id}`],
    ),
  );
}

import { findingParts, type PlacedFinding, sortedFindings } from "@assay/report";
import type { Figure, Report } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { Section } from "../../components/page.tsx";
import { Verdict } from "../../components/verdict.tsx";
import { ReportFigure } from "./figure.tsx";

/** A figure with the findings it shows; findings without one stand alone. */
interface Group {
  readonly key: string;
  readonly findings: PlacedFinding[];
  readonly figure: Figure | null;
}

/** What fails and what cannot be told yet, gravest first; what holds is folded away under a count. */
export function Findings({ report }: { report: Report }) {
  const t = useTranslations("results.findings");
  const all = sortedFindings(report);
  if (all.length === 0) {
    return (
      <Section title={t("title")}>
        <p className="m-0 border-t border-line pt-3 text-sm text-muted">{t("none")}</p>
      </Section>
    );
  }
  const grave = all.filter(({ finding }) => finding.verdict === "fail" || finding.verdict === "indeterminate");
  const calm = all.filter(({ finding }) => finding.verdict === "pass" || finding.verdict === "info");
  const open = grave.length === 0;
  return (
    <Section id="findings" title={t("title")}>
      {grouped(grave).map((group) => (
        <FindingGroup key={group.key} group={group} />
      ))}
      {calm.length === 0 ? null : (
        <details open={open} className="group border-t border-line">
          <summary className="list-none py-3 text-sm text-muted hover:text-ink">
            <span aria-hidden="true" className="mr-2 inline-block transition-transform group-open:rotate-90">
              ›
            </span>
            {t("rest", {
              pass: calm.filter(({ finding }) => finding.verdict === "pass").length,
              info: calm.filter(({ finding }) => finding.verdict === "info").length,
            })}
          </summary>
          <ul className="m-0 list-none p-0">
            {calm.map((placed) => (
              <li key={`${placed.audit.id} ${placed.finding.id}`} className="border-t border-line py-4">
                <FindingText placed={placed} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

function FindingGroup({ group }: { group: Group }) {
  if (group.figure === null) {
    return group.findings.map((placed) => (
      <article key={placed.finding.id} className="border-t border-line pt-6 pb-7">
        <FindingText placed={placed} />
      </article>
    ));
  }
  return (
    <article className="grid gap-x-10 gap-y-5 border-t border-line pt-6 pb-7 md:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]">
      <div className="grid content-start gap-6">
        {group.findings.map((placed) => (
          <FindingText key={placed.finding.id} placed={placed} />
        ))}
      </div>
      <ReportFigure figure={group.figure} />
    </article>
  );
}

function FindingText({ placed: { finding } }: { placed: PlacedFinding }) {
  const t = useTranslations("results.findings");
  const locale = useLocale();
  const { claim, rest } = findingParts(finding.text[locale]);
  const judged = finding.verdict === "fail" || finding.verdict === "indeterminate";
  return (
    <div>
      <Verdict
        outcome={finding.verdict}
        note={judged && finding.verdict === "fail" ? t(`severity.${finding.severity}`) : undefined}
      />
      <h3 className="m-0 mt-0.5 mb-1.5 max-w-[40em] text-md font-semibold">{claim}</h3>
      {rest === "" ? null : <p className="m-0 max-w-[68ch]">{rest}</p>}
    </div>
  );
}

/** Findings that point at the same figure stand together, at the place of the gravest. */
function grouped(findings: readonly PlacedFinding[]): Group[] {
  const groups = new Map<string, Group>();
  for (const placed of findings) {
    const { audit, finding } = placed;
    const figure = audit.figures.find(({ id }) => id === finding.figure) ?? null;
    const key = figure === null ? `${audit.id} ${finding.id}` : `${audit.id} figure ${figure.id}`;
    const group = groups.get(key) ?? { key, findings: [], figure };
    group.findings.push(placed);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Figures that stand beside findings, so that the pillars need not draw them again. */
export function figuresShown(report: Report): ReadonlySet<string> {
  return new Set(
    sortedFindings(report)
      .filter(({ finding }) => finding.verdict === "fail" || finding.verdict === "indeterminate")
      .flatMap(({ audit, finding }) => (finding.figure === undefined ? [] : [`${audit.id} ${finding.figure}`])),
  );
}

import { findingParts, tieNumbers } from "@assay/report/text";
import { type Comparison, comparedQuantities, type Finding } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Answer, Lede, Section } from "../../components/page.tsx";
import { ComparedMark } from "./compared-mark.tsx";
import { groupFindings } from "./group-findings.ts";
import { NumberLedger } from "./number-ledger.tsx";
import { countVerdicts, levelText } from "./number-rows.ts";

/** Better or worse: the answer, which two, what differs, how it was compared, number by number. */
export function ComparisonView({
  comparison,
  numbers,
  choice,
  rowByRow,
  auditNames,
}: {
  comparison: Comparison;
  numbers: { readonly a: number; readonly b: number };
  /** Of the two runs, under the answer. */
  choice: ReactNode;
  /** What there is of a comparison row by row, under the choice. */
  rowByRow: ReactNode;
  auditNames: Readonly<Record<string, string>>;
}) {
  const t = useTranslations("comparison");
  const { measures, findings, verdict } = comparison;
  const quantities = comparedQuantities(measures);
  const { regressed, improved, changed } = countVerdicts(quantities);
  const said = { ...numbers, regressed, improved, changed, total: quantities.length };
  const isEmpty = measures.length === 0 && verdict !== "same";
  const { pairing } = comparison;
  const left = pairing.kind === "none" ? 0 : pairing.onlyA + pairing.onlyB + pairing.disagree;
  const answer = verdict === "same" && left > 0 ? "shared" : verdict;
  const sentence = isEmpty ? t("answer.nothing", said) : t(`answer.${answer}`, said);
  const isOther = pairing.kind === "none" && comparison.a.data !== comparison.b.data;
  return (
    <>
      <Answer>{isOther && !isEmpty ? t("answer.otherData", { answer: sentence }) : sentence}</Answer>
      <Lede>
        <How comparison={comparison} />
      </Lede>
      {choice}
      {rowByRow}
      {findings.length === 0 ? null : (
        <Section id="findings" title={t("findings")}>
          {groupFindings(findings).map(({ mark, findings: those }) => (
            <div
              key={those[0]?.id}
              className="grid gap-x-6 gap-y-2 border-t border-line py-4 sm:grid-cols-[7.5rem_minmax(0,1fr)]"
            >
              <ComparedMark verdict={mark} />
              <ul className="m-0 grid list-none gap-3 p-0">
                {those.map((finding) => (
                  <FindingLine key={finding.id} finding={finding} />
                ))}
              </ul>
            </div>
          ))}
        </Section>
      )}
      {measures.length === 0 ? null : (
        <Section
          id="numbers"
          title={t("numbers")}
          note={t(comparison.pairing.kind === "none" ? "numbersNote" : "numbersPaired", numbers)}
        >
          <NumberLedger
            quantities={quantities}
            numbers={numbers}
            confidence={comparison.confidence}
            auditNames={auditNames}
          />
        </Section>
      )}
    </>
  );
}

/** How the two were compared, and what that means for what the verdicts say. */
function How({ comparison: { pairing, confidence, replicates } }: { comparison: Comparison }) {
  const t = useTranslations("comparison.how");
  const locale = useLocale();
  const level = levelText(confidence, locale);
  if (pairing.kind === "none") {
    return t("intervals", { level, reason: pairing.reason[locale] });
  }
  return t(pairing.kind === "id" ? "byId" : "byRow", {
    column: pairing.column ?? "",
    rows: pairing.rows,
    left: pairing.onlyA + pairing.onlyB + pairing.disagree,
    onlyA: pairing.onlyA,
    onlyB: pairing.onlyB,
    disagree: pairing.disagree,
    replicates: replicates ?? 0,
    level,
  });
}

function FindingLine({ finding }: { finding: Finding }) {
  const locale = useLocale();
  const { claim, rest } = findingParts(tieNumbers(finding.text[locale], locale));
  return (
    <li>
      <h3 className="m-0 max-w-[40em] text-base font-semibold">{claim}</h3>
      {rest === "" ? null : <p className="m-0 max-w-[68ch] text-sm text-muted">{rest}</p>}
    </li>
  );
}

import { clauseEvidence, evidenceText, lawChecked, lawDates, lawFacts, lawWords, tieNumbers } from "@assay/report/text";
import type { Report } from "@assay/schema";
import { useLocale } from "next-intl";
import { Fold } from "../../components/fold.tsx";

/** What each provision of the plan's laws asks, what of this report speaks to it, and what remains to be documented. */
export function Laws({ report }: { report: Report }) {
  const locale = useLocale();
  const words = lawWords[locale];
  const policies = report.gate.policies ?? [];
  if (policies.length === 0) return null;
  return (
    <section aria-labelledby="laws" className="mb-14">
      <h2 id="laws" className="m-0 pb-1 text-lg font-[620] tracking-[-0.01em]">
        {words.title}
      </h2>
      <p className="m-0 mb-3 max-w-[80ch] text-sm text-muted">{words.lead}</p>
      {policies.map((policy) => (
        <Fold
          key={policy.id}
          summary={
            <>
              <b className="font-semibold text-ink">{policy.title[locale]}</b> · {lawFacts(policy, locale)}
            </>
          }
        >
          <div className="mb-2 grid max-w-[80ch] gap-1 text-sm text-muted">
            {policy.note === undefined ? null : <p className="m-0">{tieNumbers(policy.note[locale], locale)}</p>}
            {lawDates(policy, locale).map((date) => (
              <p key={date} className="m-0">
                {tieNumbers(date, locale)}
              </p>
            ))}
            {lawChecked(policy, locale).map((read) => (
              <p key={read} className="m-0">
                {tieNumbers(read, locale)}
              </p>
            ))}
            <p className="m-0">
              {policy.citation === undefined ? null : `${policy.citation} `}
              {policy.source?.startsWith("http") === true ? (
                <a
                  href={policy.source}
                  rel="noreferrer"
                  target="_blank"
                  className="wrap-anywhere underline decoration-edge"
                >
                  {policy.source}
                </a>
              ) : (
                policy.source
              )}
            </p>
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section className="overflow-x-auto pb-4" tabIndex={0} aria-label={policy.title[locale]}>
            <table className="ledger min-w-[46rem]">
              <caption className="sr-only">{policy.title[locale]}</caption>
              <thead>
                <tr>
                  <th scope="col">{words.clause}</th>
                  <th scope="col">{words.asks}</th>
                  <th scope="col">{words.evidence}</th>
                  <th scope="col">{words.document}</th>
                </tr>
              </thead>
              <tbody>
                {(policy.clauses ?? []).map((clause) => (
                  <tr key={clause.cite}>
                    <th scope="row" className="w-40">
                      {clause.cite}
                    </th>
                    <td>{clause.asks[locale]}</td>
                    <td>
                      <Lines
                        none={words.noNumber}
                        texts={clauseEvidence(report, clause).map((one) => evidenceText(one, locale))}
                      />
                    </td>
                    <td>
                      <Lines none="–" texts={(clause.document ?? []).map((one) => one[locale])} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </Fold>
      ))}
    </section>
  );
}

function Lines({ texts, none }: { texts: readonly string[]; none: string }) {
  if (texts.length === 0) return <span className="text-muted">{none}</span>;
  return (
    <ul className="m-0 grid list-none gap-1 p-0">
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

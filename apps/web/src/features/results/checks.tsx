import { metricBy, type PillarVerdict, pillarVerdicts, tieNumbers } from "@assay/report/text";
import type { Report } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { sentenceStart } from "../../components/sentence-start.ts";
import { Verdict } from "../../components/verdict.tsx";

/** More rules than this are a table, not a strip. */
const mostInStrip = 10;

/** The strip under the answer: each rule of the gate, or each pillar where there are none or too many. */
export function Checks({ report }: { report: Report }) {
  const t = useTranslations("results");
  const locale = useLocale();
  const { rules } = report.gate;
  const items =
    rules.length > 0 && rules.length <= mostInStrip
      ? rules.map((rule, index) => ({
          key: `${index}`,
          verdict: rule.verdict,
          title: capital(metricBy(rule.rule.metric, rule.rule.by)[locale]),
          line: rule.text[locale],
        }))
      : pillarVerdicts(report)
          .filter(({ pillar }) => report.audits.some((audit) => audit.id.startsWith(`${pillar}.`)))
          .map(({ pillar, verdict, line }: PillarVerdict) => ({
            key: pillar,
            verdict,
            title: t(`pillars.${pillar}`),
            line: sentenceStart(line[locale]),
          }));
  if (items.length === 0) return null;
  return (
    <ol
      aria-label={t("checks")}
      className={`m-0 mb-12 grid list-none grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-x-6 gap-y-1 border-t border-ink p-0 ${items.length <= 3 ? "md:grid-cols-3" : items.length === 4 ? "md:grid-cols-4" : "md:grid-cols-5"}`}
    >
      {items.map((item) => (
        <li key={item.key} className="grid content-start pt-3 text-sm">
          <Verdict outcome={item.verdict} />
          <b className="font-semibold">{item.title}</b>
          <span className="wrap-anywhere text-muted">{tieNumbers(item.line, locale)}</span>
        </li>
      ))}
    </ol>
  );
}

/** Every rule with the numbers it was judged by. */
export function RuleLedger({ report }: { report: Report }) {
  const t = useTranslations("results.rules");
  const locale = useLocale();
  const { rules } = report.gate;
  if (rules.length <= mostInStrip) return null;
  return (
    <section className="mb-14">
      <h2 className="m-0 pb-3 text-lg font-[620] tracking-[-0.01em]">{t("title")}</h2>
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">{t("verdict")}</th>
            <th scope="col">{t("rule")}</th>
            <th scope="col">{t("source")}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rules of a finished report never move
            <tr key={index}>
              <td>
                <Verdict outcome={rule.verdict} />
              </td>
              <td>{tieNumbers(rule.text[locale], locale)}</td>
              <td className="text-muted">{rule.source === "plan" ? t("ofPlan") : rule.source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

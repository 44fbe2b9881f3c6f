import Link from "next/link";
import { useTranslations } from "next-intl";
import { Moment } from "../../components/moment.tsx";
import { Section } from "../../components/page.tsx";
import type { ComparisonRow } from "../../trpc/types.ts";

/** The newest comparisons row by row of a project, each behind its own address. */
export function EarlierComparisons({ comparisons, slug }: { comparisons: readonly ComparisonRow[]; slug: string }) {
  const t = useTranslations("comparison.earlier");
  const verdicts = useTranslations("comparison.overall");
  if (comparisons.length === 0) return null;
  return (
    <Section id="earlier" title={t("title")} note={t("note")}>
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">{t("runs")}</th>
            <th scope="col">{t("verdict")}</th>
            <th scope="col" className="num max-sm:hidden">
              {t("rows")}
            </th>
            <th scope="col" className="num">
              {t("finished")}
            </th>
          </tr>
        </thead>
        <tbody>
          {comparisons.map(({ id, from, to, verdict, rows, finishedAt, createdAt }) => (
            <tr key={id} className="relative hover:bg-wash">
              <th scope="row">
                <Link
                  href={`/projects/${slug}/compare?id=${encodeURIComponent(id)}`}
                  className="plain after:absolute after:inset-0 hover:no-underline"
                >
                  {t("pair", { a: from.number, b: to.number })}
                </Link>
              </th>
              <td>{verdict === null ? "–" : verdicts(verdict)}</td>
              <td className="num max-sm:hidden">{rows === null ? t("unpaired") : t("count", { rows })}</td>
              <td className="num text-muted">
                <Moment at={finishedAt ?? createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

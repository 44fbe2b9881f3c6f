import { useFormatter, useTranslations } from "next-intl";

type Counted = { rows: number; counts: boolean };

/** How large a data set is, said in full: `5,000 rows`; a table of counts has lines, which each stand for many. */
export function RowCount({ of: { rows, counts } }: { of: Counted }) {
  const t = useTranslations("quantity");
  return t(counts ? "counted" : "rows", { count: rows });
}

/** The same under a head that says rows: only lines are named. */
export function RowCell({ of }: { of: Counted }) {
  const t = useTranslations("quantity");
  const format = useFormatter();
  return of.counts ? t("lines", { count: of.rows }) : format.number(of.rows);
}

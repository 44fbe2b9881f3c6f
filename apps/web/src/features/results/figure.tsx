import { figureTable, tieNumbers } from "@assay/report/text";
import type { Figure } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import type { Drawing } from "./drawing.ts";
import { ReportTable } from "./report-table.tsx";

/** Beside a finding, in two columns, and on a phone: figures are drawn at the width they stand in. */
const widths = { beside: 546, column: 464, phone: 356 } as const;

/** A figure, its sentence, and the table behind it. Drawn once for a page and once for a phone. */
export function ReportFigure({
  figure,
  digest,
  audit,
  Drawing,
  titled = false,
}: {
  figure: Figure;
  /** Of the report the figure stands in. */
  digest: string;
  audit: string;
  Drawing: Drawing;
  titled?: boolean;
}) {
  const t = useTranslations("results");
  const locale = useLocale();
  return (
    <figure className="m-0 min-w-0">
      {titled ? <p className="m-0 mb-2 text-sm font-semibold">{figure.title[locale]}</p> : null}
      {(titled ? (["column", "phone"] as const) : (["beside", "phone"] as const)).map((place) => (
        <div
          key={place}
          className={`[&_svg]:block [&_svg]:h-auto [&_svg]:max-w-full ${place === "phone" ? "sm:hidden" : "max-sm:hidden"}`}
        >
          <Drawing figure={figure} digest={digest} audit={audit} width={widths[place]} />
        </div>
      ))}
      <figcaption className="mt-2 text-sm text-muted">
        {tieNumbers(figure.caption[locale], locale)}
        <details className="group mt-1">
          <summary className="inline text-accent hover:underline">
            {t("table")}
            <span className="sr-only">: {figure.title[locale]}</span>
          </summary>
          <div className="mt-2 text-ink">
            <ReportTable table={figureTable(figure)} />
          </div>
        </details>
      </figcaption>
    </figure>
  );
}

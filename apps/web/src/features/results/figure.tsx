import { figureTable, renderFigure } from "@assay/report";
import type { Figure, Locale } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { ReportTable } from "./report-table.tsx";

/** Beside a finding, in two columns, and on a phone: figures are drawn at the width they stand in. */
const widths = { beside: 546, column: 464, phone: 356 } as const;

/** A figure, its sentence, and the table behind it. Drawn on the server, once for a page and once for a phone. */
export function ReportFigure({ figure, titled = false }: { figure: Figure; titled?: boolean }) {
  const t = useTranslations("results");
  const locale = useLocale();
  return (
    <figure className="m-0 min-w-0">
      {titled ? <p className="m-0 mb-2 text-sm font-semibold">{figure.title[locale]}</p> : null}
      <Drawing
        figure={figure}
        locale={locale}
        width={titled ? widths.column : widths.beside}
        className="max-sm:hidden"
      />
      <Drawing figure={figure} locale={locale} width={widths.phone} className="sm:hidden" />
      <figcaption className="mt-2 text-sm text-muted">
        {figure.caption[locale]}
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

function Drawing({
  figure,
  locale,
  width,
  className,
}: {
  figure: Figure;
  locale: Locale;
  width: number;
  className: string;
}) {
  const svg = renderFigure(figure, { locale, width });
  return (
    <div
      className={`[&>svg]:block [&>svg]:h-auto [&>svg]:max-w-full ${className}`}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: our own drawing; every text in it is escaped by the renderer
      dangerouslySetInnerHTML={{ __html: svg }}
    />
  );
}

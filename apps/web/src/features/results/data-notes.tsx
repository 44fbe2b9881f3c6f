import { tieNumbers } from "@assay/report/text";
import type { LocalizedText } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { Fold } from "../../components/fold.tsx";

/** More notes than this would stand between the answer and the findings. */
const open = 4;

/** What was met while the data was read: said before the findings that rest on it, and quietly. */
export function DataNotes({ warnings }: { warnings: readonly LocalizedText[] }) {
  const t = useTranslations("results.notes");
  if (warnings.length === 0) return null;
  const more = warnings.slice(open);
  return (
    <section aria-labelledby="data-notes" className="mb-12 max-w-[80ch] text-sm">
      <h2 id="data-notes" className="m-0 mb-0.5 text-sm font-semibold">
        {t("title")}
      </h2>
      <Notes warnings={warnings.slice(0, open)} />
      {more.length === 0 ? null : (
        <div className="mt-3">
          <Fold summary={t("more", { count: more.length })}>
            <Notes warnings={more} />
          </Fold>
        </div>
      )}
    </section>
  );
}

function Notes({ warnings }: { warnings: readonly LocalizedText[] }) {
  const locale = useLocale();
  return (
    <ul className="m-0 grid list-none gap-1 p-0 text-muted">
      {warnings.map((warning) => (
        <li key={warning.en}>{tieNumbers(warning[locale], locale)}</li>
      ))}
    </ul>
  );
}

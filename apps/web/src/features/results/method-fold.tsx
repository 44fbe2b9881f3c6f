import type { AuditResult } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { DigestText } from "../../components/digest.tsx";
import { Fold } from "../../components/fold.tsx";
import type { AuditInfo } from "../../trpc/types.ts";

/** How an audit measures, how to read it, what to do, where it ends, and what it rests on. */
export function MethodFold({ info, result }: { info: AuditInfo; result: AuditResult }) {
  const t = useTranslations("results.audit");
  const locale = useLocale();
  const text = info.text[locale];
  return (
    <Fold
      summary={
        <>
          {t("how")}
          <span className="sr-only">: {text.name}</span>
        </>
      }
    >
      <dl className="mt-0 mb-2 grid max-w-[80ch] gap-x-6 gap-y-2 text-sm sm:grid-cols-[7rem_minmax(0,1fr)]">
        {(["method", "reading", "action", "limits"] as const).map((part) => (
          <div key={part} className="contents">
            <dt className="text-muted">{t(part)}</dt>
            <dd className="m-0">{text[part]}</dd>
          </div>
        ))}
        <dt className="text-muted">{t("references")}</dt>
        <dd className="m-0">
          <ul className="m-0 list-none p-0">
            {info.references.map((reference) => (
              <li key={`${reference.of} ${reference.url}`}>
                {reference.of}:{" "}
                <a href={reference.url} rel="noreferrer" target="_blank" className="underline decoration-edge">
                  {reference.citation}
                </a>
              </li>
            ))}
          </ul>
        </dd>
        {result.summary === null ? null : (
          <>
            <dt className="text-muted">{t("summary")}</dt>
            <dd className="m-0">
              <DigestText value={result.summary} />{" "}
              <span className="text-muted">{t("version", { version: result.version })}</span>
            </dd>
          </>
        )}
      </dl>
    </Fold>
  );
}

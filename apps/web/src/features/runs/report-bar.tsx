"use client";

import type { Locale } from "@assay/schema";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { buttonClass } from "../../components/button.tsx";
import { Segments } from "../../components/segments.tsx";
import { languageNames, languages } from "../preferences/preferences.ts";
import { type DownloadFormat, downloads } from "./downloads.ts";

/** The document in a frame of its own, in either language, with its files and its print. */
export function ReportBar({
  runId,
  locale,
  formats: offered,
}: {
  runId: string;
  locale: Locale;
  /** What its report can be written as. */
  formats: readonly DownloadFormat[];
}) {
  const t = useTranslations("reportPage");
  const formats = useTranslations("formats");
  const router = useRouter();
  const files = downloads(runId, locale, offered);
  const page = `${files.find(({ format }) => format === "html")?.href ?? ""}&inline=1`;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-x-5 gap-y-2 text-sm">
        {/* The document runs no script and lives in its own origin: it is printed from a tab of its own. */}
        <a href={page} target="_blank" rel="noreferrer" className={buttonClass("primary")}>
          {t("print")}
        </a>
        <span className="flex flex-wrap gap-x-3">
          <span className="text-muted">{t("download")}</span>
          {files.map(({ format, href }) => (
            <a key={format} href={href} download="">
              {formats(format)}
            </a>
          ))}
        </span>
        <span className="md:ml-auto">
          <Segments
            label={t("language")}
            value={locale}
            options={languages.map((value) => ({ value, label: languageNames[value], lang: value }))}
            onChange={(value) => router.replace(`?lang=${value}`, { scroll: false })}
          />
        </span>
      </div>
      <iframe
        key={page}
        src={page}
        title={t("frame")}
        className="h-[calc(100dvh-8.5rem)] min-h-96 w-full rounded-sm border border-line bg-paper"
      />
    </>
  );
}

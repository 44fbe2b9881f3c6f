import { hasSummary } from "@assay/report/text";
import type { Locale, Report } from "@assay/schema";

/** The files of a run by the word for them, and the ending that the server knows them by. */
const endings = {
  html: "html",
  md: "md",
  ll144: "ll144.html",
  csv: "csv",
  json: "json",
  yaml: "yaml",
} as const;
export type DownloadFormat = keyof typeof endings;

/** What a report cannot be written as is not offered: Local Law 144's summary without its audit. */
export function downloadFormats(report: Pick<Report, "audits">): readonly DownloadFormat[] {
  const formats: readonly DownloadFormat[] = ["html", "md", "ll144", "csv", "json", "yaml"];
  return formats.filter((format) => format !== "ll144" || hasSummary(report));
}

/** The files of a finished run and where the server gives them. */
export function downloads(
  runId: string,
  locale: Locale,
  formats: readonly DownloadFormat[],
): { format: DownloadFormat; href: string }[] {
  const base = `/api/v1/runs/${encodeURIComponent(runId)}`;
  return formats.map((format) => ({
    format,
    href: format === "yaml" ? `${base}/audit.yaml` : `${base}/report.${endings[format]}?lang=${locale}`,
  }));
}

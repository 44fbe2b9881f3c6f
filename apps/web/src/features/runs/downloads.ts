import type { Locale } from "@assay/schema";

export const downloadFormats = ["html", "md", "csv", "json", "yaml"] as const;
export type DownloadFormat = (typeof downloadFormats)[number];

/** The files of a finished run and where the server gives them. */
export function downloads(runId: string, locale: Locale): { format: DownloadFormat; href: string }[] {
  const base = `/api/v1/runs/${encodeURIComponent(runId)}`;
  return downloadFormats.map((format) => ({
    format,
    href: format === "yaml" ? `${base}/audit.yaml` : `${base}/report.${format}?lang=${locale}`,
  }));
}

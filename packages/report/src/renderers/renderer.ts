import type { Locale, Report } from "@assay/schema";

/** One file format of a report. Pure: the same report and locale give the same bytes. */
export interface Renderer {
  /** What `--format` and the download's name say. */
  readonly id: string;
  /** Without the dot. */
  readonly extension: string;
  readonly mediaType: string;
  render(report: Report, options: { readonly locale: Locale }): string | Uint8Array;
}

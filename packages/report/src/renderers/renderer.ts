import type { Locale, LocalizedText, Report } from "@assay/schema";

/** One file format of a report. Pure: the same report and locale give the same bytes. */
export interface Renderer {
  /** What `--format` and the download's name say. */
  readonly id: string;
  /** Without the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** Why a report cannot be written so; null where it can. Without it, every report can. */
  unfit?(report: Report): LocalizedText | null;
  /** @throws AssayError not-supported for a report that is unfit */
  render(report: Report, options: { readonly locale: Locale }): string | Uint8Array;
}

/** The formats that a report can be written in. */
export function fitting<R extends Renderer>(renderers: readonly R[], report: Report): R[] {
  return renderers.filter((one) => (one.unfit?.(report) ?? null) === null);
}

import { renderFigure } from "@assay/report";
import type { Figure, Locale } from "@assay/schema";

const most = 2000;
const drawn = new Map<string, string>();

/** A figure's SVG. Reports never change, so a drawing is kept by the digest of its report; the oldest go first. */
export function drawnFigure(report: string, figure: Figure, locale: Locale, width: number, place: string): string {
  const key = JSON.stringify([report, place, figure.id, locale, width]);
  const before = drawn.get(key);
  if (before !== undefined) return before;
  const svg = renderFigure(figure, { locale, width });
  drawn.set(key, svg);
  const oldest = drawn.size > most ? drawn.keys().next().value : undefined;
  if (oldest !== undefined) drawn.delete(oldest);
  return svg;
}

import type { Figure, Locale, Report } from "@assay/schema";

/** Formats that a report is given in, in the tab. */
export const renderedFormats = ["html", "md", "ll144", "csv", "json"] as const;
export type RenderedFormat = (typeof renderedFormats)[number];

export type DrawingQuestion =
  | { readonly ask: "warm-up" }
  | { readonly ask: "draw"; readonly figure: Figure; readonly locale: Locale; readonly width: number }
  | { readonly ask: "render"; readonly report: Report; readonly format: RenderedFormat; readonly locale: Locale };
export type AskedDrawing = DrawingQuestion & { readonly id: number };

/** An SVG, or a file's text. */
export type DrawingAnswer =
  | { readonly id: number; readonly text: string }
  | { readonly id: number; readonly fault: string };

/**
 * Colours of figures: CSS variables of the page, with the light theme's values for where there is no page (files, print).
 */
export const palette = {
  paper: "var(--paper, #fcfcfa)",
  ink: "var(--ink, #161b26)",
  muted: "var(--muted, #666b75)",
  line: "var(--line, #dcdfe4)",
  accent: "var(--accent, #1a559c)",
  contrast: "var(--series-6, #d55e00)",
} as const;

/**
 * Okabe–Ito order (black, orange, sky blue, bluish green, blue, vermillion, reddish purple; https://jfly.uni-koeln.de/color/),
 * without yellow, which cannot be seen on paper. Black is the page's ink, so that it turns with the theme.
 */
const series = [
  "var(--series-1, var(--ink, #161b26))",
  "var(--series-2, #e69f00)",
  "var(--series-3, #56b4e9)",
  "var(--series-4, #009e73)",
  "var(--series-5, #0072b2)",
  "var(--series-6, #d55e00)",
  "var(--series-7, #cc79a7)",
] as const;

/** Colours differ, and so do dashes: figures must read in grey and for every eye. */
const dashes = ["none", "6 3", "2 3", "8 3 2 3", "none", "6 3", "2 3"] as const;

export interface SeriesStyle {
  readonly color: string;
  readonly dash: string;
}

/** Past seven, grey. */
export function seriesStyle(index: number): SeriesStyle {
  return { color: series[index] ?? palette.muted, dash: dashes[index] ?? "1 2" };
}

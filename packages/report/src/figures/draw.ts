import type { Figure, Locale } from "@assay/schema";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { displayText, isolateParts } from "../display-text.ts";
import { palette } from "./palette.ts";

export interface FigureOptions {
  readonly locale: Locale;
  /** Width in px; heights follow from what is drawn. */
  readonly width?: number;
}

export const usualWidth = 560;
export const fontFamily = 'system-ui, "PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
export const fontSize = { label: 13, small: 11 } as const;

export interface Drawing {
  readonly figure: Figure;
  readonly locale: Locale;
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Plot.Markish[];
  readonly x?: Plot.ScaleOptions;
  readonly y?: Plot.ScaleOptions;
}

/**
 * Draws marks with Observable Plot on a document of its own and gives the SVG's text. No scripts, style sheets, ids or clip
 * paths stand in it, so that any number of figures can share a page, and equal figures are equal texts.
 */
export function draw({ figure, locale, width, height, marks, x, y }: Drawing): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const pixels = { type: "identity", axis: null } as const satisfies Plot.ScaleOptions;
  const svg = Plot.plot({
    document,
    width,
    height,
    margin: 0,
    className: "figure",
    ariaLabel: displayText(figure.title[locale]),
    ariaDescription: displayText(figure.caption[locale]),
    x: x ? { axis: null, ...x } : pixels,
    y: y ? { axis: null, ...y } : pixels,
    marks: [...marks],
  });
  for (const style of svg.querySelectorAll("style")) style.remove();
  // A picture is one thing to a screen reader: its name, its sentence; the numbers are in the table behind it.
  for (const group of svg.querySelectorAll("[aria-label]")) group.removeAttribute("aria-label");
  // Hundredths of a pixel are enough for any eye, and keep the file short.
  for (const node of svg.querySelectorAll("*")) {
    for (const name of ["transform", "d", "x", "y", "width", "height", "cx", "cy", "fill-opacity"]) {
      const value = node.getAttribute(name);
      if (value)
        node.setAttribute(
          name,
          value.replace(/-?\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2)))),
        );
    }
  }
  svg.setAttribute("role", "img");
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("class", `figure ${figure.kind}`);
  svg.setAttribute("lang", locale);
  svg.setAttribute("font-family", fontFamily);
  svg.setAttribute("font-size", String(fontSize.label));
  svg.setAttribute("fill", palette.ink);
  svg.setAttribute("style", "font-variant-numeric: tabular-nums");
  return svg.outerHTML;
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** The whole text where `text` is cut: told by a tooltip. */
  readonly full?: string | null;
}

export interface LabelStyle {
  readonly anchor?: "start" | "middle" | "end";
  readonly size?: number;
  readonly fill?: string;
  readonly weight?: number;
  /** Outline in the colour of the paper, for texts that lie on lines. */
  readonly halo?: boolean;
}

/** Texts at pixel places; `y` is the middle of the line. */
export function labels(data: readonly Label[], style: LabelStyle = {}): Plot.Markish {
  return Plot.text(data, {
    x: "x",
    y: "y",
    text: (label: Label) => isolateParts(label.text),
    ...(data.some((label) => label.full) ? { title: (label: Label) => label.full ?? "" } : {}),
    textAnchor: style.anchor ?? "start",
    fontSize: style.size ?? fontSize.label,
    fill: style.fill ?? palette.ink,
    ...(style.weight === undefined ? {} : { fontWeight: style.weight }),
    ...(style.halo ? { stroke: palette.paper, strokeWidth: 4 } : {}),
  });
}

export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface StrokeStyle {
  readonly stroke: string;
  readonly width?: number;
  readonly dash?: string;
  readonly cap?: "butt" | "round";
}

export function segments(data: readonly Segment[], style: StrokeStyle): Plot.Markish {
  return Plot.link(data, {
    x1: "x1",
    y1: "y1",
    x2: "x2",
    y2: "y2",
    stroke: style.stroke,
    strokeWidth: style.width ?? 1,
    strokeLinecap: style.cap ?? "butt",
    ...(style.dash === undefined || style.dash === "none" ? {} : { strokeDasharray: style.dash }),
  });
}

import type { FigureOf } from "@assay/schema";
import * as Plot from "@observablehq/plot";
import { fitName, fitText, textWidth } from "../display-text.ts";
import { formatNumber } from "../format.ts";
import { draw, type FigureOptions, fontSize, labels, segments, usualWidth } from "./draw.ts";
import { palette } from "./palette.ts";
import { tickDecimals, ticks } from "./ticks.ts";

type Histogram = FigureOf<"histogram">;

/** Bars of counts. Several series stand under each other on one x axis, each to its own scale with its highest count told. */
export function renderHistogram(figure: Histogram, { locale, width = usualWidth }: FigureOptions): string {
  const { series } = figure;
  const bins = series.flatMap((one) => one.bins);
  const low = bins.length === 0 ? 0 : Math.min(...bins.map((bin) => bin.from));
  const high = bins.length === 0 ? 1 : Math.max(...bins.map((bin) => bin.to));
  const span = high > low ? high - low : 1;
  const many = series.length > 1;
  const panel = many ? 58 : 180;
  const gap = many ? 30 : 12;
  const tops = series.map((_, index) => 22 + index * (panel + gap) + (many ? 18 : 0));
  const peaks = series.map((one) => Math.max(0, ...one.bins.map((bin) => bin.count)));
  const peakTexts = peaks.map((peak) => formatNumber(peak, "count", locale));
  const left = Math.max(28, ...peakTexts.map((text) => textWidth(text, fontSize.small) + 10));
  const right = width - 10;
  const bottom = (tops.at(-1) ?? 22) + panel;
  const place = (value: number): number => left + ((value - low) / span) * (right - left);
  const marksAt = ticks(low, high, 6);

  return draw({
    figure,
    locale,
    width,
    height: bottom + 42,
    marks: [
      labels([{ x: 0, y: 8, ...fitText(figure.yTitle[locale], width, fontSize.small) }], {
        size: fontSize.small,
        fill: palette.muted,
      }),
      ...series.flatMap((one, index) => {
        const top = tops[index] ?? 0;
        const base = top + panel;
        const peak = peaks[index] || 1;
        const total = one.bins.reduce((sum, bin) => sum + bin.count, 0);
        const bars = one.bins.map((bin) => ({
          x1: place(bin.from) + 0.5,
          x2: Math.max(place(bin.to) - 0.5, place(bin.from) + 1),
          y1: base - (bin.count / peak) * panel,
          y2: base,
          title: `${formatNumber(bin.from, "number", locale)} – ${formatNumber(bin.to, "number", locale)}: ${formatNumber(bin.count, "count", locale)}`,
        }));
        const name = many ? `${one.label[locale]}  n = ${formatNumber(total, "count", locale)}` : "";
        return [
          segments([{ x1: left, x2: right, y1: top, y2: top }], { stroke: palette.line }),
          Plot.rect(bars, {
            x1: "x1",
            x2: "x2",
            y1: "y1",
            y2: "y2",
            fill: palette.muted,
            fillOpacity: 0.55,
            title: "title",
          }),
          segments([{ x1: left, x2: right, y1: base, y2: base }], { stroke: palette.muted }),
          labels([{ x: left - 6, y: top, text: peakTexts[index] ?? "" }], {
            anchor: "end",
            size: fontSize.small,
            fill: palette.muted,
          }),
          ...(many ? [labels([{ x: left, y: top - 11, ...fitName(name, right - left, fontSize.label) }])] : []),
        ];
      }),
      labels(
        marksAt.map((tick) => ({
          x: place(tick),
          y: bottom + 12,
          text: formatNumber(tick, "number", locale, { decimals: tickDecimals(marksAt) }),
        })),
        { anchor: "middle", size: fontSize.small, fill: palette.muted },
      ),
      labels([{ x: right, y: bottom + 31, ...fitText(figure.xTitle[locale], right, fontSize.small) }], {
        anchor: "end",
        size: fontSize.small,
        fill: palette.muted,
      }),
    ],
  });
}

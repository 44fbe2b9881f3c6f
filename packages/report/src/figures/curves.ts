import type { FigureOf } from "@assay/schema";
import * as Plot from "@observablehq/plot";
import { fitText, wrapText } from "../display-text.ts";
import { formatNumber } from "../format.ts";
import { draw, type FigureOptions, fontSize, labels, segments, usualWidth } from "./draw.ts";
import { placeNames } from "./name-places.ts";
import { palette, seriesStyle } from "./palette.ts";
import { niceRange, tickDecimals, ticks } from "./ticks.ts";

type Curves = FigureOf<"curves">;
type Point = { readonly x: number; readonly y: number; readonly low: number | null; readonly high: number | null };

const rowHeight = 20;
/** Beyond seven every line is grey; naming them one by one would bury the picture. */
const mostNamed = 12;

/** Lines with bands, or dots with intervals, on a common plane; the chance diagonal dashed; each line named beside the plane, or itself. */
export function renderCurves(figure: Curves, { locale, width = usualWidth }: FigureOptions): string {
  const series = figure.series.map(({ label, mark, points }, index) => ({
    label: label[locale],
    mark,
    style: seriesStyle(index),
    points: points.map(([x, y, low, high]): Point => ({ x, y, low: low ?? null, high: high ?? null })),
  }));
  const all = series.flatMap((one) => one.points);
  const xs = all.map((point) => point.x);
  const ys = all.flatMap((point) => [point.y, point.low, point.high].filter((value) => value !== null));
  const unit = figure.diagonal && [...xs, ...ys].every((value) => value >= 0 && value <= 1);
  const xDomain: [number, number] = unit || all.length === 0 ? [0, 1] : niceRange(Math.min(...xs), Math.max(...xs), 5);
  const yDomain: [number, number] = unit || all.length === 0 ? [0, 1] : niceRange(Math.min(...ys), Math.max(...ys), 5);
  if (figure.diagonal && !unit) {
    const low = Math.min(xDomain[0], yDomain[0]);
    const high = Math.max(xDomain[1], yDomain[1]);
    xDomain.splice(0, 2, low, high);
    yDomain.splice(0, 2, low, high);
  }

  const isDirect = figure.names === "direct";
  const named = isDirect ? [] : series.slice(0, mostNamed);
  const left = 44;
  const top = 24;
  const beside = !isDirect && width >= 480;
  const keyWidth = beside ? 176 : width - left;
  const side = beside ? width - left - keyWidth - 20 : width - left - 12;
  const plotHeight = figure.diagonal ? Math.min(side, 340) : Math.min(side * 0.75, isDirect ? 320 : 260);
  const plotWidth = figure.diagonal ? plotHeight : side;
  const right = left + plotWidth;
  const bottom = top + plotHeight;
  const keyX = beside ? right + 20 : left;
  const keyRoom = beside ? width - keyX : keyWidth;
  // The key follows the lines' order at mid-plane, so that the eye can walk across.
  const middle = (xDomain[0] + xDomain[1]) / 2;
  const ordered = [...named].sort((a, b) => heightAt(b.points, middle) - heightAt(a.points, middle));
  const keyTop = beside ? top + 8 : bottom + 56;
  let nextY = keyTop;
  const key = ordered.map((one) => {
    const wrapped = wrapText(one.label, keyRoom - 30, fontSize.label, 2);
    const y = nextY;
    nextY += rowHeight + (wrapped.lines.length - 1) * 16;
    return { ...one, ...wrapped, y };
  });
  const height = beside || isDirect ? Math.max(bottom + 44, isDirect ? 0 : nextY) : nextY;

  const placeX = (value: number): number => left + ((value - xDomain[0]) / (xDomain[1] - xDomain[0])) * plotWidth;
  const placeY = (value: number): number => bottom - ((value - yDomain[0]) / (yDomain[1] - yDomain[0])) * plotHeight;
  const placed = (points: readonly Point[]): { x: number; y: number; low: number | null; high: number | null }[] =>
    points.map((point) => ({
      x: placeX(point.x),
      y: placeY(point.y),
      low: point.low === null ? null : placeY(point.low),
      high: point.high === null ? null : placeY(point.high),
    }));
  const xTicks = ticks(xDomain[0], xDomain[1], 5);
  const yTicks = ticks(yDomain[0], yDomain[1], 5);
  const text = (value: number, decimals: number): string => formatNumber(value, "number", locale, { decimals });

  return draw({
    figure,
    locale,
    width,
    height,
    marks: [
      segments(
        xTicks.map((tick) => ({ x1: placeX(tick), x2: placeX(tick), y1: top, y2: bottom })),
        { stroke: palette.line },
      ),
      segments(
        yTicks.map((tick) => ({ x1: left, x2: right, y1: placeY(tick), y2: placeY(tick) })),
        { stroke: palette.line },
      ),
      ...(figure.diagonal
        ? [segments([{ x1: left, y1: bottom, x2: right, y2: top }], { stroke: palette.muted, dash: "2 3" })]
        : []),
      labels(
        xTicks.map((tick) => ({ x: placeX(tick), y: bottom + 11, text: text(tick, tickDecimals(xTicks)) })),
        {
          anchor: "middle",
          size: fontSize.small,
          fill: palette.muted,
        },
      ),
      labels(
        yTicks.map((tick) => ({ x: left - 7, y: placeY(tick), text: text(tick, tickDecimals(yTicks)) })),
        {
          anchor: "end",
          size: fontSize.small,
          fill: palette.muted,
        },
      ),
      labels([{ x: 0, y: 8, ...fitText(figure.yTitle[locale], width, fontSize.small) }], {
        size: fontSize.small,
        fill: palette.muted,
      }),
      labels([{ x: right, y: bottom + 30, ...fitText(figure.xTitle[locale], right, fontSize.small) }], {
        anchor: "end",
        size: fontSize.small,
        fill: palette.muted,
      }),
      ...series.flatMap(({ mark, points, style }) => {
        const data = placed(points);
        const spans = data.filter((point) => point.low !== null && point.high !== null);
        return mark === "line"
          ? [
              ...(spans.length > 1
                ? [Plot.areaY(spans, { x: "x", y1: "low", y2: "high", fill: style.color, fillOpacity: 0.14 })]
                : []),
              Plot.line(data, { x: "x", y: "y", stroke: style.color, strokeWidth: 2, ...dashed(style.dash) }),
            ]
          : [
              ...(mark === "dot"
                ? [Plot.line(data, { x: "x", y: "y", stroke: style.color, strokeWidth: 1, strokeOpacity: 0.6 })]
                : []),
              Plot.link(spans, { x1: "x", x2: "x", y1: "low", y2: "high", stroke: style.color, strokeWidth: 1.5 }),
              Plot.dot(data, { x: "x", y: "y", r: 3.5, ...dotOf(mark, style.color) }),
            ];
      }),
      ...(isDirect
        ? placeNames(
            series.map(({ label, mark, points }) => ({ name: label, isLine: mark === "line", points: placed(points) })),
            { left, right, top, bottom },
          ).map((label) => labels([label], { halo: true }))
        : []),
      ...(!isDirect && (series.length > 1 || figure.diagonal)
        ? key.flatMap(({ lines, full, mark, style, y }) => {
            return [
              segments([{ x1: keyX, x2: keyX + 20, y1: y, y2: y }], {
                stroke: style.color,
                width: 2,
                dash: mark === "line" ? style.dash : "none",
              }),
              ...(mark === "line"
                ? []
                : [Plot.dot([{ x: keyX + 10, y }], { x: "x", y: "y", r: 3.5, ...dotOf(mark, style.color) })]),
              labels(lines.map((text, index) => ({ x: keyX + 28, y: y + index * 16, text, full }))),
            ];
          })
        : []),
    ],
  });
}

function dotOf(mark: string, color: string): { fill: string; stroke?: string; strokeWidth?: number } {
  return mark === "point" ? { fill: palette.paper, stroke: color, strokeWidth: 1.5 } : { fill: color };
}

function dashed(dash: string): { strokeDasharray?: string } {
  return dash === "none" ? {} : { strokeDasharray: dash };
}

function heightAt(points: readonly Point[], x: number): number {
  const after = points.findIndex((point) => point.x >= x);
  if (after <= 0) return points[0]?.y ?? 0;
  const a = points[after - 1];
  const b = points[after];
  if (!a || !b) return points.at(-1)?.y ?? 0;
  return b.x === a.x ? b.y : a.y + ((x - a.x) / (b.x - a.x)) * (b.y - a.y);
}

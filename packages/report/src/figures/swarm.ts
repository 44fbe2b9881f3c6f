import type { FigureOf } from "@assay/schema";
import type * as Plot from "@observablehq/plot";
import { fitNames, fitText, textWidth } from "../display-text.ts";
import { formatNumber } from "../format.ts";
import { draw, type FigureOptions, fontSize, type Label, labels, segments, usualWidth } from "./draw.ts";
import { palette, seriesStyle } from "./palette.ts";
import { niceRange, tickDecimals, ticks } from "./ticks.ts";

type Swarm = FigureOf<"swarm">;

const pitch = 30;
const dotSize = 3.2;
/** How far dots may leave their line. */
const mostSpread = 11;

/** A row's value in thirds, and without an order. Colours of the series turn with the page's theme. */
const heights = [
  { from: Number.NEGATIVE_INFINITY, stroke: seriesStyle(4).color },
  { from: 1 / 3, stroke: palette.muted },
  { from: 2 / 3, stroke: seriesStyle(5).color },
] as const;

/** Dots line by line, spread where many lie on one place; colours tell low from high values. */
export function renderSwarm(figure: Swarm, { locale, width = usualWidth }: FigureOptions): string {
  const top = 28;
  const bottom = top + pitch * figure.rows.length + 4;
  const names = figure.rows.map((row) => row.label[locale]);
  const widest = Math.max(48, ...names.map((name) => textWidth(name, fontSize.label)));
  const labelWidth = Math.min(widest + 2, width * 0.36);
  const left = labelWidth + 16;
  const right = width - 14;
  const values = figure.rows.flatMap((row) => row.points.map(([value]) => value));
  const [low, high] = niceRange(
    values.reduce((a, b) => Math.min(a, b), 0),
    values.reduce((a, b) => Math.max(a, b), 0),
    5,
  );
  const place = (value: number): number => left + ((value - low) / (high - low)) * (right - left);
  const marksAt = ticks(low, high, right - left < 240 ? 4 : 5);
  const decimals = tickDecimals(marksAt);
  const lines = figure.rows.map((row, index) => ({ row, y: top + pitch * (index + 0.5) + 2 }));
  const dots = lines.flatMap(({ row, y }) => spread(row.points, place, y));
  const lowWord = figure.scale.low[locale];
  const highWord = figure.scale.high[locale];
  const highAt = left + 24 + textWidth(lowWord, fontSize.small);
  const has = dots.some((dot) => dot.height !== null);
  return draw({
    figure,
    locale,
    width,
    height: bottom + 40,
    marks: [
      segments(
        marksAt.map((tick) => ({ x1: place(tick), x2: place(tick), y1: top, y2: bottom })),
        { stroke: palette.line },
      ),
      segments([{ x1: place(0), x2: place(0), y1: top - 4, y2: bottom }], { stroke: palette.muted }),
      ...heights.map(({ stroke }, third) =>
        dotPath(
          dots.filter((dot) => thirdOf(dot.height) === third),
          stroke,
        ),
      ),
      ...(has
        ? [
            dotPath([{ x: left + 4, y: 11 }], heights[0].stroke),
            dotPath([{ x: highAt + 4, y: 11 }], heights[2].stroke),
            labels(
              [
                { x: left + 12, y: 11, text: lowWord },
                { x: highAt + 12, y: 11, text: highWord },
              ],
              { size: fontSize.small, fill: palette.muted },
            ),
          ]
        : []),
      labels(
        fitNames(names, labelWidth, fontSize.label).map(
          (fitted, index): Label => ({ x: labelWidth, y: lines[index]?.y ?? 0, ...fitted }),
        ),
        { anchor: "end" },
      ),
      labels(
        marksAt.map((tick) => ({
          x: place(tick),
          y: bottom + 11,
          text: formatNumber(tick, "number", locale, { decimals }),
        })),
        { anchor: "middle", size: fontSize.small, fill: palette.muted },
      ),
      labels([{ x: left, y: bottom + 30, ...fitText(figure.xTitle[locale], width - left, fontSize.small) }], {
        size: fontSize.small,
        fill: palette.muted,
      }),
    ],
  });
}

interface Dot {
  readonly x: number;
  readonly y: number;
  readonly height: number | null;
}

/** Dots of one line: those on one place stand above and below each other, by turns, as far as the line has room. */
function spread(points: Swarm["rows"][number]["points"], place: (value: number) => number, y: number): Dot[] {
  const taken = new Map<number, number>();
  const crowd = new Map<number, number>();
  const cellOf = (value: number): number => Math.round(place(value) / dotSize);
  for (const [value] of points) crowd.set(cellOf(value), (crowd.get(cellOf(value)) ?? 0) + 1);
  const most = Math.max(1, ...crowd.values());
  const step = Math.min(dotSize, (2 * mostSpread) / most);
  return points.map(([value, height]): Dot => {
    const cell = cellOf(value);
    const before = taken.get(cell) ?? 0;
    taken.set(cell, before + 1);
    const offset = Math.ceil(before / 2) * (before % 2 === 0 ? 1 : -1);
    return { x: place(value), y: y + offset * step, height };
  });
}

/** Values without an order are drawn as those in the middle. */
function thirdOf(height: number | null): number {
  if (height === null) return 1;
  return height < heights[1].from ? 0 : height < heights[2].from ? 1 : 2;
}

/** Thousands of dots as one path: points of no length with round ends. */
function dotPath(dots: readonly { readonly x: number; readonly y: number }[], stroke: string): Plot.Markish {
  return (_index, _scales, _values, _dimensions, context) => {
    const path = context.document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", dots.map(({ x, y }) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`).join(""));
    path.setAttribute("fill", "none");
    path.setAttribute("stroke", stroke);
    path.setAttribute("stroke-width", String(dotSize));
    path.setAttribute("stroke-linecap", "round");
    return path;
  };
}

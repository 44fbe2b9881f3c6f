import type { FigureOf, Locale } from "@assay/schema";
import * as Plot from "@observablehq/plot";
import { displayText, fitNames, fitText, textWidth, tieNumbers } from "../display-text.ts";
import { decimalsFor, formatInterval, formatNumber, type NumberFormat, unitWord } from "../format.ts";
import { words } from "../words/index.ts";
import { draw, type FigureOptions, fontSize, type Label, labels, segments, usualWidth } from "./draw.ts";
import { palette } from "./palette.ts";
import { niceRange, tickDecimals, ticks } from "./ticks.ts";

type Intervals = FigureOf<"intervals">;
type Row = Intervals["rows"][number];

/** More rows than this do not fit an eye: the ends are drawn, the table has them all. */
const mostRows = 40;
const dotRadius = 4.5;

/** Dots with intervals, highest value first or as given, the reference labelled on its line, values at the right. */
export function renderIntervals(figure: Intervals, { locale, width = usualWidth }: FigureOptions): string {
  const format: NumberFormat = figure.unit;
  const rows = figure.order === "given" ? figure.rows : sortRows(figure.rows, locale);
  const shown: (Row | null)[] =
    rows.length <= mostRows ? rows : [...rows.slice(0, mostRows / 2), null, ...rows.slice(-mostRows / 2)];
  const certain = rows.filter((row) => !row.few && row.value !== null);
  const decimals = decimalsFor(format, certain.length > 0 ? certain : rows);
  const number = (value: number | null): string => formatNumber(value, format, locale, { decimals });

  const pitch = shown.length > 16 ? 24 : 34;
  const twoLines = pitch > 30;
  const top = figure.reference === null ? 6 : 24;
  const bottom = top + pitch * shown.length + 4;
  const names = shown.map((row) => (row === null ? "" : row.label[locale] || words[locale].empty));
  const counts = shown.map((row) =>
    row === null || row.n === null ? "" : `n = ${formatNumber(row.n, "count", locale)}`,
  );
  const widest = Math.max(
    ...names.map((name) => textWidth(name, fontSize.label)),
    ...counts.map((count) => textWidth(count, fontSize.small)),
    48,
  );
  const countWidth = twoLines ? 0 : Math.max(...counts.map((count) => textWidth(count, fontSize.small) + 8));
  const labelWidth = Math.min(widest + 2, width * 0.36);
  const valueWidth = Math.max(...rows.map((row) => textWidth(number(row.value), fontSize.label)), 24) + 6;
  const left = labelWidth + countWidth + 14;
  const right = width - valueWidth - 14;

  const [low, high] = domainOf(figure);
  const marksAt = ticks(low, high, right - left < 240 ? 4 : 5);
  const tickDigits = tickDecimals(
    marksAt.map((tick) => (format === "percent" || format === "points" ? tick * 100 : tick)),
  );
  const place = (value: number): number => left + ((value - low) / (high - low)) * (right - left);

  const drawn = shown.flatMap((row, index) => {
    const y = top + pitch * (index + 0.5) + 2;
    return row === null ? [] : [{ row, y, name: names[index] ?? "", count: counts[index] ?? "" }];
  });
  const known = drawn.flatMap(({ row, y, name, count }) =>
    row.value === null
      ? []
      : [
          {
            x: place(row.value),
            y,
            few: row.few,
            title: `${displayText(name)}: ${number(row.value)}${unitTail(format, locale)}${
              row.low === null
                ? ""
                : ` (${formatInterval(row.low, row.high, format, locale, { decimals, words: true })})`
            }${count === "" ? "" : `, ${count}`}`,
          },
        ],
  );
  const spans = drawn.flatMap(({ row, y }) => {
    if (row.low === null || row.high === null) return [];
    const from = Math.max(left, place(row.low));
    const to = Math.min(right, place(row.high));
    if (from > right || to < left) return [];
    return [{ x1: from, x2: to, y1: y, y2: y, few: row.few, cutLow: row.low < low, cutHigh: row.high > high }];
  });
  // An interval that leaves the plane ends in an arrow, not in a wall.
  const arrows = spans.flatMap((span) => [
    ...(span.cutLow ? [wedge(left, span.y1, 4)] : []),
    ...(span.cutHigh ? [wedge(right, span.y1, -4)] : []),
  ]);
  const zero = format === "points" ? 0 : format === "ratio" ? 1 : null;

  const fittedNames = fitNames(
    drawn.map(({ name }) => name),
    labelWidth,
    fontSize.label,
  );
  const nameLabels = drawn.map(({ y, name, count }, index): Label => {
    const fitted = fittedNames[index] ?? { text: name, full: null };
    return { x: labelWidth, y: twoLines && count !== "" ? y - 7 : y, ...fitted };
  });
  const countLabels = drawn.map(
    ({ y, count }): Label => ({
      x: twoLines ? labelWidth : labelWidth + countWidth,
      y: twoLines ? y + 8 : y,
      text: count,
    }),
  );
  const reference = figure.reference;
  const referenceText =
    reference === null
      ? ""
      : referenceName(
          tieNumbers(reference.label[locale], locale),
          reference.value === 0 ? "" : number(reference.value),
        );
  const axisTitle = fitText(axisTitleText(figure, format, locale), width - left, fontSize.small);
  const cutY = top + pitch * (mostRows / 2 + 0.5) + 2;

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
      ...(zero !== null && zero >= low && zero <= high
        ? [segments([{ x1: place(zero), x2: place(zero), y1: top, y2: bottom }], { stroke: palette.muted })]
        : []),
      labels(
        marksAt.map((tick, index) => ({
          x: place(tick),
          y: bottom + 11,
          text:
            formatNumber(tick, format, locale, { decimals: tickDigits }) +
            (index === 0 && format === "percent" ? unitTail(format, locale) : ""),
        })),
        { anchor: "middle", size: fontSize.small, fill: palette.muted },
      ),
      labels([{ x: left, y: bottom + 30, ...axisTitle }], { size: fontSize.small, fill: palette.muted }),
      ...(reference === null
        ? []
        : [
            segments([{ x1: place(reference.value), x2: place(reference.value), y1: top - 4, y2: bottom }], {
              stroke: palette.muted,
              dash: "2 3",
            }),
            labels([referenceLabel(referenceText, place(reference.value), left, width)], {
              anchor: "middle",
              size: fontSize.small,
              fill: palette.muted,
            }),
          ]),
      labels(nameLabels, { anchor: "end" }),
      labels(countLabels, { anchor: "end", size: fontSize.small, fill: palette.muted }),
      segments(
        spans.filter((span) => !span.few),
        { stroke: palette.ink, width: 2 },
      ),
      segments(
        spans.filter((span) => span.few),
        { stroke: palette.muted, width: 1.25, dash: "3 3" },
      ),
      segments(arrows.flat(), { stroke: palette.muted, width: 1.25 }),
      Plot.dot(
        known.filter((dot) => !dot.few),
        { x: "x", y: "y", r: dotRadius, fill: palette.ink, title: "title" },
      ),
      Plot.dot(
        known.filter((dot) => dot.few),
        {
          x: "x",
          y: "y",
          r: dotRadius,
          fill: palette.paper,
          stroke: palette.muted,
          strokeWidth: 1.5,
          title: "title",
        },
      ),
      labels(
        drawn.map(({ row, y }) => ({ x: width - 2, y, text: number(row.value) })),
        { anchor: "end" },
      ),
      ...(rows.length > mostRows
        ? [
            labels([{ x: labelWidth, y: cutY, text: cutText(rows.length - mostRows, locale) }], {
              anchor: "end",
              size: fontSize.small,
              fill: palette.muted,
            }),
          ]
        : []),
    ],
  });
}

/** Highest first, the unknown last; equals by name, so that the order never depends on the data's. */
export function sortRows(rows: readonly Row[], locale: Locale): Row[] {
  return [...rows].sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    if (a.value !== b.value) return b.value - a.value;
    return a.label[locale] < b.label[locale] ? -1 : a.label[locale] > b.label[locale] ? 1 : 0;
  });
}

/**
 * What the plane shows: every value and the reference, and the intervals of rows with enough data. Intervals of rows
 * with too little data may leave it, so that one group of three people does not flatten the others.
 */
function domainOf(figure: Intervals): [number, number] {
  const certain = figure.rows.filter((row) => !row.few);
  const spanning = certain.length > 0 ? certain : figure.rows;
  const ends = [
    ...figure.rows.map((row) => row.value),
    ...spanning.flatMap((row) => [row.low, row.high]),
    figure.reference?.value ?? null,
  ].filter((value) => value !== null);
  if (ends.length === 0) return [0, 1];
  let low = Math.min(...ends);
  let high = Math.max(...ends);
  const spread = high - low;
  for (const row of figure.rows) {
    if (!row.few || row.low === null || row.high === null) continue;
    low = Math.min(low, Math.max(row.low, Math.min(...ends) - spread));
    high = Math.max(high, Math.min(row.high, Math.max(...ends) + spread));
  }
  if (figure.unit === "points") {
    low = Math.min(low, 0);
    high = Math.max(high, 0);
  } else if (low >= 0 && low <= 0.6 * high) {
    low = 0;
  }
  if (low === high) {
    low = Math.min(0, low);
    high = high === 0 ? 1 : Math.max(0, high);
  }
  const [start, end] = niceRange(low, high, 5);
  return figure.unit === "percent" && low >= 0 && high <= 1 ? [Math.max(0, start), Math.min(1, end)] : [start, end];
}

function axisTitleText(figure: Intervals, format: NumberFormat, locale: Locale): string {
  const unit = format === "percent" ? "" : unitWord(format, locale);
  const title = figure.xTitle[locale];
  if (unit === "" || title.includes(unit)) return title;
  return locale === "en" ? `${title} (${unit})` : `${title}（${unit}）`;
}

function unitTail(format: NumberFormat, locale: Locale): string {
  return format === "percent" ? (locale === "en" ? "\u202f%" : "%") : "";
}

/** `all 32.4`; a label that tells its number already is left alone, and zero is read off the axis. */
function referenceName(label: string, value: string): string {
  return /\d[\s\u00a0\u202f]*%?$/.test(label) ? label : `${label} ${value}`.trimEnd();
}

function referenceLabel(text: string, x: number, left: number, width: number): Label {
  const fitted = fitText(text, width - left, fontSize.small);
  const half = textWidth(fitted.text, fontSize.small) / 2;
  return { x: Math.min(width - half, Math.max(left - 40 + half, x)), y: 11, ...fitted };
}

function wedge(x: number, y: number, reach: number): { x1: number; y1: number; x2: number; y2: number }[] {
  return [
    { x1: x, y1: y, x2: x + reach, y2: y - 3.5 },
    { x1: x, y1: y, x2: x + reach, y2: y + 3.5 },
  ];
}

function cutText(count: number, locale: Locale): string {
  return locale === "en" ? `… ${count} more in the table` : `……另有 ${count} 行见表格`;
}

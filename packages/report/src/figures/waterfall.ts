import type { FigureOf } from "@assay/schema";
import { fitNames, fitText, textWidth } from "../display-text.ts";
import { decimalsFor, formatNumber } from "../format.ts";
import { draw, type FigureOptions, fontSize, type Label, labels, segments, usualWidth } from "./draw.ts";
import { palette, seriesStyle } from "./palette.ts";
import { niceRange, tickDecimals, ticks } from "./ticks.ts";

type Waterfall = FigureOf<"waterfall">;

const pitch = 26;
const barWidth = 12;

/** From a start to an end in steps: each bar begins where the one above ends. Rising and falling differ in colour and sign. */
export function renderWaterfall(figure: Waterfall, { locale, width = usualWidth }: FigureOptions): string {
  const { start, steps, end, unit } = figure;
  const top = 8;
  const count = steps.length + 2;
  const bottom = top + pitch * count + 4;
  const decimals = decimalsFor(
    unit,
    [start, end, ...steps].map(({ value }) => ({ value })),
  );
  const number = (value: number): string => formatNumber(value, unit, locale, { decimals });
  const signed = (value: number): string => (value > 0 ? `+${number(value)}` : number(value));

  let at = start.value;
  const bars = steps.map((step, index) => {
    const from = at;
    at += step.value;
    return { ...step, from, to: at, y: top + pitch * (index + 1.5) + 2 };
  });
  const names = [start.label, ...steps.map((step) => step.label), end.label].map((label) => label[locale]);
  const texts = [number(start.value), ...steps.map((step) => signed(step.value)), number(end.value)];
  const widest = Math.max(48, ...names.map((name) => textWidth(name, fontSize.label)));
  const labelWidth = Math.min(widest + 2, width * 0.42);
  const valueWidth = Math.max(...texts.map((text) => textWidth(text, fontSize.label))) + 6;
  const left = labelWidth + 14;
  const right = width - valueWidth - 14;
  // Twelve digits: where nothing moves, what rounding leaves would be the whole axis.
  const ends = [start.value, end.value, ...bars.map((bar) => bar.to)].map((value) => Number(value.toPrecision(12)));
  const [low, high] = niceRange(Math.min(...ends), Math.max(...ends), 4);
  const place = (value: number): number => left + ((value - low) / (high - low)) * (right - left);
  const marksAt = ticks(low, high, right - left < 240 ? 3 : 4);
  const scale = unit === "percent" || unit === "points" ? 100 : 1;
  const tickDigits = tickDecimals(marksAt.map((tick) => tick * scale));
  const yOf = (index: number): number => top + pitch * (index + 0.5) + 2;
  const bar = ({ from, to, y }: (typeof bars)[number]) => ({ x1: place(from), x2: place(to), y1: y, y2: y });
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
      // From the end of each bar to the next: the eye follows.
      segments(
        [start.value, ...bars.map((one) => one.to)].map((value, index) => ({
          x1: place(value),
          x2: place(value),
          y1: yOf(index),
          y2: yOf(index + 1),
        })),
        { stroke: palette.muted },
      ),
      segments(bars.filter((one) => one.value >= 0).map(bar), { stroke: seriesStyle(5).color, width: barWidth }),
      segments(bars.filter((one) => one.value < 0).map(bar), { stroke: seriesStyle(4).color, width: barWidth }),
      segments(
        [
          { value: start.value, y: yOf(0) },
          { value: end.value, y: yOf(count - 1) },
        ].map(({ value, y }) => ({ x1: place(value), x2: place(value), y1: y - 7, y2: y + 7 })),
        { stroke: palette.ink, width: 3 },
      ),
      labels(
        fitNames(names, labelWidth, fontSize.label).map(
          (fitted, index): Label => ({ x: labelWidth, y: yOf(index), ...fitted }),
        ),
        { anchor: "end" },
      ),
      labels(
        texts.map((text, index) => ({ x: width - 2, y: yOf(index), text })),
        { anchor: "end" },
      ),
      labels(
        marksAt.map((tick) => ({
          x: place(tick),
          y: bottom + 11,
          text: formatNumber(tick, unit, locale, { decimals: tickDigits }),
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

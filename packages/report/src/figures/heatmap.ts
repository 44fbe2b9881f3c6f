import type { FigureOf } from "@assay/schema";
import * as Plot from "@observablehq/plot";
import { fitNames, fitText, textWidth } from "../display-text.ts";
import { decimalsFor, formatNumber } from "../format.ts";
import { words } from "../words/index.ts";
import { draw, type FigureOptions, fontSize, type Label, labels, type Segment, segments, usualWidth } from "./draw.ts";
import { palette } from "./palette.ts";

type Heatmap = FigureOf<"heatmap">;

const cellHeight = 40;
/** A number and its n need this much; the figure grows past its width rather than print over itself. */
const leastCellWidth = 58;
const mostCellWidth = 132;
/** Darker cells would swallow the number in them. */
const mostTint = 0.42;

/** Numbers in cells, n under them; the darker, the higher. Cells of too little data are hatched, without tint. */
export function renderHeatmap(figure: Heatmap, { locale, width = usualWidth }: FigureOptions): string {
  const { unit: format } = figure;
  const rowNames = figure.rows.map((row) => row[locale] || words[locale].empty);
  const labelWidth = Math.min(Math.max(...rowNames.map((name) => textWidth(name, fontSize.label)), 40), width * 0.36);
  const left = labelWidth + 12;
  const columns = Math.max(1, figure.columns.length);
  const cellWidth = Math.min(mostCellWidth, Math.max(leastCellWidth, (width - left) / columns));
  const right = left + cellWidth * columns;
  const full = Math.max(width, right);
  const top = 42;
  const bottom = top + cellHeight * figure.rows.length;

  const known = figure.cells.flatMap((cell) => (cell.value === null ? [] : [cell.value]));
  const decimals = decimalsFor(
    format,
    known.map((value) => ({ value })),
  );
  const centre = format === "points" ? 0 : null;
  const low = Math.min(...known);
  const high = Math.max(...known);
  const reach = Math.max(...known.map((value) => Math.abs(value - (centre ?? 0))), 0) || 1;
  const tint = (value: number): number =>
    centre !== null
      ? (Math.abs(value - centre) / reach) * mostTint
      : high === low
        ? mostTint / 3
        : 0.05 + ((value - low) / (high - low)) * (mostTint - 0.05);

  const cells = figure.cells.map((cell) => {
    const x1 = left + cellWidth * cell.column + 1;
    const y1 = top + cellHeight * cell.row + 1;
    return {
      ...cell,
      x1,
      y1,
      x2: x1 + cellWidth - 2,
      y2: y1 + cellHeight - 2,
      x: x1 + cellWidth / 2 - 1,
      y: y1 + cellHeight / 2 - 1,
    };
  });
  const tinted = cells.filter((cell) => cell.value !== null && !cell.few);
  const hatched = cells.filter((cell) => cell.few);
  const anyCount = cells.some((cell) => cell.n !== null);
  const columnNames = figure.columns.map((column) => column[locale] || words[locale].empty);
  const columnLabels = fitNames(columnNames, cellWidth - 6, fontSize.label).map(
    (fitted, index): Label => ({ x: left + cellWidth * (index + 0.5), y: top - 12, ...fitted }),
  );
  const w = words[locale];
  const said = [
    format in w.byUnit ? w.byUnit[format as keyof typeof w.byUnit] : "",
    anyCount ? w.countsBelow : "",
    hatched.length > 0 ? w.fewCells : "",
  ].filter((part) => part !== "");
  const note = said.join(locale === "en" ? "; " : "；");
  const unitNote = note === "" ? 0 : 20;

  return draw({
    figure,
    locale,
    width: full,
    height: bottom + 4 + unitNote,
    marks: [
      labels([{ x: left + 1, y: 8, ...fitText(figure.columnTitle[locale], full - left, fontSize.small) }], {
        size: fontSize.small,
        fill: palette.muted,
      }),
      labels([{ x: labelWidth, y: 8, ...fitText(figure.rowTitle[locale], labelWidth, fontSize.small) }], {
        anchor: "end",
        size: fontSize.small,
        fill: palette.muted,
      }),
      labels(columnLabels, { anchor: "middle" }),
      labels(
        fitNames(rowNames, labelWidth, fontSize.label).map((fitted, index) => ({
          x: labelWidth,
          y: top + cellHeight * (index + 0.5),
          ...fitted,
        })),
        { anchor: "end" },
      ),
      Plot.rect(tinted, {
        x1: "x1",
        y1: "y1",
        x2: "x2",
        y2: "y2",
        rx: 2,
        fill: palette.accent,
        fillOpacity: { value: (cell: { value: number }) => tint(cell.value), scale: null },
        ...(centre === null
          ? {}
          : {
              fill: {
                value: (cell: { value: number }) => (cell.value < centre ? palette.contrast : palette.accent),
                scale: null,
              },
            }),
      }),
      Plot.rect(hatched, { x1: "x1", y1: "y1", x2: "x2", y2: "y2", rx: 2, fill: "none", stroke: palette.line }),
      segments(hatched.flatMap(hatch), { stroke: palette.line }),
      labels(
        cells.map((cell) => ({
          x: cell.x,
          y: anyCount ? cell.y - 7 : cell.y,
          text: formatNumber(cell.value, format, locale, { decimals }),
        })),
        { anchor: "middle" },
      ),
      labels(
        cells.flatMap((cell) =>
          cell.n === null ? [] : [{ x: cell.x, y: cell.y + 9, text: formatNumber(cell.n, "count", locale) }],
        ),
        { anchor: "middle", size: fontSize.small, fill: palette.ink },
      ),
      labels([{ x: left + 1, y: bottom + 14, ...fitText(note, full - left, fontSize.small) }], {
        size: fontSize.small,
        fill: palette.muted,
      }),
    ],
  });
}

/** Lines at 45 degrees, cut to the cell by arithmetic: a pattern would need an id, and ids collide on a page. */
export function hatch({ x1, y1, x2, y2 }: { x1: number; y1: number; x2: number; y2: number }): Segment[] {
  const gap = 7;
  const lines: Segment[] = [];
  // x + y = offset, from the upper left corner to the lower right one.
  for (let offset = x1 + y1 + gap; offset < x2 + y2; offset += gap) {
    const startX = Math.max(x1, offset - y2);
    const endX = Math.min(x2, offset - y1);
    lines.push({ x1: startX, y1: offset - startX, x2: endX, y2: offset - endX });
  }
  return lines;
}

import { z } from "zod";
import { LocalizedText } from "./ids.ts";

const Unit = z.enum(["percent", "points", "ratio", "number", "count", "bits"]);
const head = {
  id: z.string().min(1),
  title: LocalizedText,
  /** What the figure shows, in plain words; also its accessible description. */
  caption: LocalizedText,
};
const Maybe = z.number().nullable();

/** Dots with intervals, one row per group. `few` rows are thin: too little data for a verdict. */
export const IntervalsFigure = z.strictObject({
  kind: z.literal("intervals"),
  ...head,
  unit: Unit,
  xTitle: LocalizedText,
  /** Rows stand as they are given; else the highest value first. */
  order: z.literal("given").exactOptional(),
  rows: z.array(
    z.strictObject({
      label: LocalizedText,
      value: Maybe,
      low: Maybe,
      high: Maybe,
      n: Maybe,
      few: z.boolean(),
    }),
  ),
  reference: z.strictObject({ value: z.number(), label: LocalizedText }).nullable(),
});

/** Numbers in cells, n under them; `few` cells are hatched. */
export const HeatmapFigure = z.strictObject({
  kind: z.literal("heatmap"),
  ...head,
  unit: Unit,
  rowTitle: LocalizedText,
  columnTitle: LocalizedText,
  rows: z.array(LocalizedText),
  columns: z.array(LocalizedText),
  cells: z.array(
    z.strictObject({
      row: z.int().min(0),
      column: z.int().min(0),
      value: Maybe,
      n: Maybe,
      few: z.boolean(),
    }),
  ),
});

/** Lines over a common plane: ROC, reliability, precision–recall. Points are [x, y] or [x, y, low, high]. */
export const CurvesFigure = z.strictObject({
  kind: z.literal("curves"),
  ...head,
  xTitle: LocalizedText,
  yTitle: LocalizedText,
  diagonal: z.boolean(),
  /** Names stand beside the lines and points themselves; else in a key. */
  names: z.literal("direct").exactOptional(),
  /** Points of one curve are few by construction (thinned to at most 512). */
  series: z.array(
    z.strictObject({
      label: LocalizedText,
      /** `dot`: dots, joined by a thin line; `point`: hollow dots that nothing joins. */
      mark: z.enum(["line", "dot", "point"]),
      points: z.array(
        z.union([z.tuple([z.number(), z.number()]), z.tuple([z.number(), z.number(), z.number(), z.number()])]),
      ),
    }),
  ),
});

export const HistogramFigure = z.strictObject({
  kind: z.literal("histogram"),
  ...head,
  xTitle: LocalizedText,
  yTitle: LocalizedText,
  series: z.array(
    z.strictObject({
      label: LocalizedText,
      bins: z.array(z.strictObject({ from: z.number(), to: z.number(), count: z.number() })),
    }),
  ),
});

/** A decision tree, root first. `test` is the condition that leads from the parent to this node. */
export const TreeFigure = z.strictObject({
  kind: z.literal("tree"),
  ...head,
  nodes: z.array(
    z.strictObject({
      id: z.int().min(0),
      parent: z.int().min(0).nullable(),
      test: LocalizedText.nullable(),
      label: LocalizedText,
      /** Share of the positive decision in the node, 0 to 1. */
      value: z.number(),
      n: z.number(),
    }),
  ),
});

/**
 * A dot for each of some rows of data, line by line: where it lies on the axis, and how high the row's own value is, from
 * 0 (lowest) to 1 (highest), null where it has no order.
 */
export const SwarmFigure = z.strictObject({
  kind: z.literal("swarm"),
  ...head,
  xTitle: LocalizedText,
  /** What the colour tells: low and high. */
  scale: z.strictObject({ low: LocalizedText, high: LocalizedText }),
  rows: z.array(
    z.strictObject({
      label: LocalizedText,
      /** [place on the axis, height of the row's value] */
      points: z.array(z.tuple([z.number(), Maybe])),
    }),
  ),
});

/** How a number comes about, step by step: from `start`, each step to the right or left of the one before, to `end`. */
export const WaterfallFigure = z.strictObject({
  kind: z.literal("waterfall"),
  ...head,
  unit: Unit,
  xTitle: LocalizedText,
  start: z.strictObject({ label: LocalizedText, value: z.number() }),
  steps: z.array(z.strictObject({ label: LocalizedText, value: z.number() })),
  end: z.strictObject({ label: LocalizedText, value: z.number() }),
});

export const Figure = z.discriminatedUnion("kind", [
  CurvesFigure,
  HeatmapFigure,
  HistogramFigure,
  IntervalsFigure,
  SwarmFigure,
  TreeFigure,
  WaterfallFigure,
]);
export type Figure = z.infer<typeof Figure>;
export type FigureOf<Kind extends Figure["kind"]> = Extract<Figure, { kind: Kind }>;

/** A cell: a text of the data, a number, a number with its interval, words in both languages, or nothing known. */
export const TableCell = z.union([
  z.null(),
  z.string(),
  z.number(),
  LocalizedText,
  z.strictObject({ value: Maybe, low: Maybe, high: Maybe }),
]);
export type TableCell = z.infer<typeof TableCell>;

export const Table = z.strictObject({
  id: z.string().min(1),
  title: LocalizedText,
  caption: LocalizedText,
  columns: z.array(
    z.strictObject({
      title: LocalizedText,
      /** percent: cells are 0 to 1 and printed × 100. */
      format: z.enum(["text", "count", "percent", "points", "ratio", "number", "p"]),
    }),
  ),
  rows: z.array(z.strictObject({ few: z.boolean(), cells: z.array(TableCell) })),
});
export type Table = z.infer<typeof Table>;

import type { FigureOf } from "@assay/schema";
import * as Plot from "@observablehq/plot";
import { displayText, fitText, wrapText } from "../display-text.ts";
import { formatNumber } from "../format.ts";
import { words } from "../words/index.ts";
import { draw, type FigureOptions, fontSize, type Label, labels, type Segment, segments, usualWidth } from "./draw.ts";
import { palette } from "./palette.ts";

type Tree = FigureOf<"tree">;
type Node = Tree["nodes"][number];

const boxHeight = 58;
const rowGap = 10;
const columnGap = 30;
const leastBox = 132;
const indent = 18;

interface PlacedNode {
  readonly node: Node;
  readonly depth: number;
  /** Row of leaves it stands at: the mean of its children's. */
  readonly row: number;
  readonly parent: PlacedNode | null;
}

/**
 * A decision tree, root at the left, one box per node: the condition that leads there, the share in words and as a bar, n.
 * Where boxes would be too narrow to read, an indented list of the same boxes.
 */
export function renderTree(figure: Tree, { locale, width = usualWidth }: FigureOptions): string {
  const placed = layOut(figure.nodes);
  const depths = Math.max(0, ...placed.map((one) => one.depth)) + 1;
  const boxWidth = (width - columnGap * (depths - 1)) / depths;
  const sideways = boxWidth >= leastBox;
  const boxes = placed.map((one, line) => {
    const x1 = sideways ? one.depth * (boxWidth + columnGap) : one.depth * indent;
    const y1 = sideways ? one.row * (boxHeight + rowGap) + 1 : line * (boxHeight + 6) + 1;
    const x2 = sideways ? x1 + Math.min(boxWidth, 260) : width - 1;
    return { ...one, x1: x1 + 0.5, y1, x2: x2 - 0.5, y2: y1 + boxHeight };
  });
  const height = Math.max(0, ...boxes.map((box) => box.y2)) + 2;
  const boxOf = new Map(boxes.map((box) => [box.node.id, box]));

  const branches = boxes.flatMap((box): Segment[] => {
    const from = box.parent === null ? undefined : boxOf.get(box.parent.node.id);
    if (!from) return [];
    const y = (box.y1 + box.y2) / 2;
    if (!sideways) {
      const x = from.x1 + indent / 2;
      return [
        { x1: x, y1: from.y2, x2: x, y2: y },
        { x1: x, y1: y, x2: box.x1, y2: y },
      ];
    }
    const startY = (from.y1 + from.y2) / 2;
    const turn = box.x1 - columnGap / 2;
    return [
      { x1: from.x2, y1: startY, x2: turn, y2: startY },
      { x1: turn, y1: startY, x2: turn, y2: y },
      { x1: turn, y1: y, x2: box.x1, y2: y },
    ];
  });
  const pad = 9;
  const texts = boxes.map((box) => {
    const room = box.x2 - box.x1 - 2 * pad;
    const test = box.node.test === null ? words[locale].allRows : box.node.test[locale];
    const wrapped = wrapText(test, room, 12, 2);
    const share = formatNumber(box.node.value, "percent", locale, { unit: true });
    const count = `n = ${formatNumber(box.node.n, "count", locale)}`;
    return {
      box,
      wrapped,
      share,
      count,
      tip: displayText(`${test} · ${box.node.label[locale]} · ${share} · ${count}`),
    };
  });
  const testLabels = texts.flatMap(({ box, wrapped, tip }): Label[] =>
    wrapped.lines.map((line, index) => ({
      x: box.x1 + pad,
      y: box.y1 + (wrapped.lines.length === 1 ? 18 : 12 + index * 14),
      text: line,
      full: tip,
    })),
  );

  return draw({
    figure,
    locale,
    width,
    height,
    marks: [
      segments(branches, { stroke: palette.muted }),
      Plot.rect(boxes, { x1: "x1", y1: "y1", x2: "x2", y2: "y2", rx: 5, fill: palette.paper, stroke: palette.line }),
      labels(testLabels, { size: 12 }),
      labels(
        texts.map(({ box, share }) => ({ x: box.x1 + pad, y: box.y1 + 41, text: share })),
        { size: 12, weight: 600 },
      ),
      labels(
        texts.map(({ box, count }) => ({ x: box.x2 - pad, y: box.y1 + 41, ...fitText(count, 100, fontSize.small) })),
        {
          anchor: "end",
          size: fontSize.small,
          fill: palette.muted,
        },
      ),
      segments(
        boxes.map((box) => ({ x1: box.x1 + pad, x2: box.x2 - pad, y1: box.y2 - 6, y2: box.y2 - 6 })),
        { stroke: palette.line, width: 3 },
      ),
      segments(
        boxes.map((box) => ({
          x1: box.x1 + pad,
          x2: box.x1 + pad + (box.x2 - box.x1 - 2 * pad) * Math.min(1, Math.max(0, box.node.value)),
          y1: box.y2 - 6,
          y2: box.y2 - 6,
        })),
        { stroke: palette.ink, width: 3 },
      ),
    ],
  });
}

/** Leaves take a row each, in order; a parent stands at the middle of its children. Parents come before children. */
function layOut(nodes: readonly Node[]): PlacedNode[] {
  const children = new Map<number | null, Node[]>();
  for (const node of nodes) children.set(node.parent, [...(children.get(node.parent) ?? []), node]);
  const rows = new Map<number, number>();
  let leaves = 0;
  const settle = (node: Node): number => {
    const below = (children.get(node.id) ?? []).map(settle);
    const first = below[0];
    const last = below.at(-1);
    const row = first === undefined || last === undefined ? leaves++ : (first + last) / 2;
    rows.set(node.id, row);
    return row;
  };
  const placed: PlacedNode[] = [];
  const place = (node: Node, depth: number, parent: PlacedNode | null): void => {
    const one: PlacedNode = { node, depth, row: rows.get(node.id) ?? 0, parent };
    placed.push(one);
    for (const child of children.get(node.id) ?? []) place(child, depth + 1, one);
  };
  for (const root of children.get(null) ?? []) {
    settle(root);
    place(root, 0, null);
  }
  return placed;
}

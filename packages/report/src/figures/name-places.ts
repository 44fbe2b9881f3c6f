import { fitText, textWidth } from "../display-text.ts";
import { fontSize, type Label } from "./draw.ts";

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
}

export interface NamedSeries {
  readonly name: string;
  readonly isLine: boolean;
  /** In pixels. */
  readonly points: readonly Point[];
}

const lineHeight = 16;
const away = 8;

/**
 * A place for each series' name beside one of its own points, so that no key is needed: of all places about all of its points the one
 * that covers least of names, dots, intervals and lines. Names that are set first stay.
 */
export function placeNames(series: readonly NamedSeries[], plane: Box): Label[] {
  const taken: Box[] = [];
  const marks = series.flatMap(({ isLine, points }) => [
    ...points.map(({ x, y }): Box => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 })),
    ...(isLine
      ? points.slice(1).flatMap((point, index) => alongLine(points[index] ?? point, point))
      : points.flatMap(({ x, low, high }): Box[] =>
          low === null || high === null
            ? []
            : [{ left: x - 1, right: x + 1, top: Math.min(low, high), bottom: Math.max(low, high) }],
        )),
  ]);
  // Single points have the fewest places: they choose first.
  const order = series
    .map((one, index) => ({ one, index }))
    .filter(({ one }) => one.points.length > 0)
    .sort((a, b) => a.one.points.length - b.one.points.length || a.index - b.index);
  return order.map(({ one }) => {
    const { text, full } = fitText(one.name, (plane.right - plane.left) / 2, fontSize.label);
    const width = textWidth(text, fontSize.label);
    let best: Box | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const place of one.points.flatMap((point) => about(point, width))) {
      const cost =
        20 * outside(place, plane) +
        4 * taken.reduce((sum, box) => sum + overlap(place, box), 0) +
        marks.reduce((sum, box) => sum + overlap(place, box), 0);
      if (cost < least) {
        least = cost;
        best = place;
      }
    }
    const { left, top } = best ?? { left: plane.left, top: plane.top };
    if (best) taken.push(best);
    return { x: left, y: top + lineHeight / 2, text, full };
  });
}

/** Right, left, above and below a point, and at the corners between. */
function about({ x, y }: Point, width: number): Box[] {
  const across = [x + away, x - away - width, x - width / 2];
  const down = [y - lineHeight / 2, y - away - lineHeight, y + away];
  return across.flatMap((left, column) =>
    down.flatMap((top, row): Box[] =>
      column === 2 && row === 0 ? [] : [{ left, right: left + width, top, bottom: top + lineHeight }],
    ),
  );
}

/** A line as a row of small boxes. */
function alongLine(from: Point, to: Point): Box[] {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 6));
  return Array.from({ length: steps }, (_, step): Box => {
    const share = (step + 0.5) / steps;
    const [x, y] = [from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)];
    return { left: x - 3, right: x + 3, top: y - 3, bottom: y + 3 };
  });
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** How much of a box lies outside another. */
function outside(box: Box, plane: Box): number {
  const area = (box.right - box.left) * (box.bottom - box.top);
  return area - overlap(box, plane);
}

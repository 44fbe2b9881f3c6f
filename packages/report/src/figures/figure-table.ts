import type { Figure, LocalizedText, Table, TableCell } from "@assay/schema";
import type { Words } from "../words/index.ts";
import { words } from "../words/index.ts";

type Column = Table["columns"][number];
type TextKey = { [Key in keyof Words]: Words[Key] extends string ? Key : never }[keyof Words];

/** Lines of a curve that a table shows; the picture has them all. */
const mostPoints = 21;

/** The table behind a figure: every chart can also be read. */
export function figureTable(figure: Figure): Table {
  const { columns, rows } = partsOf(figure);
  return { id: `${figure.id}-numbers`, title: figure.title, caption: figure.caption, columns, rows };
}

function partsOf(figure: Figure): Pick<Table, "columns" | "rows"> {
  switch (figure.kind) {
    case "intervals":
      return {
        columns: [text(word("group")), column(word("people"), "count"), column(figure.xTitle, unitFormat(figure.unit))],
        rows: figure.rows.map(({ label, value, low, high, n, few }) => ({
          few,
          cells: [label, n, low === null || high === null ? value : { value, low, high }],
        })),
      };
    case "heatmap":
      return {
        columns: [
          text(figure.rowTitle),
          text(figure.columnTitle),
          column(word("people"), "count"),
          column(word("value"), unitFormat(figure.unit)),
        ],
        rows: figure.cells.map(({ row, column, value, n, few }) => ({
          few,
          cells: [figure.rows[row] ?? null, figure.columns[column] ?? null, n, value],
        })),
      };
    case "curves":
      return {
        columns: [text(word("group")), column(figure.xTitle, "number"), column(figure.yTitle, "number")],
        rows: figure.series.flatMap(({ label, points }) =>
          thin(points).map(([x, y, low, high]) => ({
            few: false,
            cells: [
              label,
              x,
              low === undefined || high === undefined ? y : { value: y, low, high },
            ] satisfies TableCell[],
          })),
        ),
      };
    case "histogram":
      return {
        columns: [
          ...(figure.series.length > 1 ? [text(word("group"))] : []),
          column(both(figure.xTitle, word("from")), "number"),
          column(word("to"), "number"),
          column(word("count"), "count"),
        ],
        rows: figure.series.flatMap(({ label, bins }) =>
          bins.map(({ from, to, count }) => ({
            few: false,
            cells: [...(figure.series.length > 1 ? [label] : []), from, to, count],
          })),
        ),
      };
    case "swarm":
      return {
        columns: [
          text(word("group")),
          column(word("count"), "count"),
          column(word("lowest"), "number"),
          column(word("median"), "number"),
          column(word("highest"), "number"),
        ],
        rows: figure.rows.map(({ label, points }) => {
          const values = points.map(([value]) => value).sort((a, b) => a - b);
          const at = (share: number): number | null => values[Math.round((values.length - 1) * share)] ?? null;
          return { few: false, cells: [label, values.length, at(0), at(0.5), at(1)] };
        }),
      };
    case "tree": {
      const byId = new Map(figure.nodes.map((node) => [node.id, node]));
      const path = (id: number): LocalizedText => {
        const node = byId.get(id);
        if (!node) return { en: "", "zh-CN": "" };
        if (node.parent === null || node.test === null) return word("allRows");
        const above = byId.get(node.parent);
        if (!above || above.parent === null) return node.test;
        const before = path(above.id);
        return { en: `${before.en}, ${node.test.en}`, "zh-CN": `${before["zh-CN"]}，${node.test["zh-CN"]}` };
      };
      return {
        columns: [text(word("condition")), column(word("people"), "count"), column(word("share"), "percent")],
        rows: figure.nodes.map((node) => ({ few: false, cells: [path(node.id), node.n, node.value] })),
      };
    }
    case "waterfall": {
      let at = figure.start.value;
      return {
        columns: [
          text(word("step")),
          column(word("change"), unitFormat(figure.unit)),
          column(figure.xTitle, unitFormat(figure.unit)),
        ],
        rows: [
          { few: false, cells: [figure.start.label, null, figure.start.value] },
          ...figure.steps.map(({ label, value }) => {
            at += value;
            return { few: false, cells: [label, value, at] };
          }),
          { few: false, cells: [figure.end.label, null, figure.end.value] },
        ],
      };
    }
  }
}

function thin<Point>(points: readonly Point[]): readonly Point[] {
  if (points.length <= mostPoints) return points;
  return Array.from(
    { length: mostPoints },
    (_, index) => points[Math.round((index * (points.length - 1)) / (mostPoints - 1))],
  ).filter((point) => point !== undefined);
}

function unitFormat(unit: "percent" | "points" | "ratio" | "number" | "count" | "bits"): Column["format"] {
  return unit === "bits" ? "number" : unit;
}

function word(key: TextKey): LocalizedText {
  return { en: words.en[key], "zh-CN": words["zh-CN"][key] };
}

function both(a: LocalizedText, b: LocalizedText): LocalizedText {
  return { en: `${a.en}, ${b.en.toLowerCase()}`, "zh-CN": `${a["zh-CN"]}，${b["zh-CN"]}` };
}

function text(title: LocalizedText): Column {
  return { title, format: "text" };
}

function column(title: LocalizedText, format: Column["format"]): Column {
  return { title, format };
}

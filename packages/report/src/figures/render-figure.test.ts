import { type Figure, type FigureOf, locales } from "@assay/schema";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { textWidth } from "../display-text.ts";
import { compasReport } from "../fixtures/compas-report.ts";
import { hostileGroups, hostileNames } from "../fixtures/hostile.ts";
import { figureTable } from "./figure-table.ts";
import { hatch } from "./heatmap.ts";
import { renderFigure } from "./render-figure.ts";
import { niceRange, tickDecimals, ticks } from "./ticks.ts";

const figures = compasReport().audits.flatMap((audit) => audit.figures);
const oneOfEach = new Map(figures.map((figure) => [figure.kind, figure]));

function parse(svg: string) {
  const { document } = parseHTML(`<!doctype html><body>${svg}</body>`);
  const root = document.querySelector("svg");
  if (!root) throw new Error("no svg");
  const titles = [...root.querySelectorAll("title")].map((title) => title.textContent ?? "");
  const texts = [...root.querySelectorAll("text")].map((text) => {
    for (const title of text.querySelectorAll("title")) title.remove();
    return text.textContent ?? "";
  });
  return { root, texts, titles };
}

describe.each([...oneOfEach.values()].map((figure) => [figure.kind, figure] as const))("%s", (kind, figure) => {
  test.each(locales)("looks as it did: %s", async (locale) => {
    const svg = renderFigure(figure, { locale });
    expect(renderFigure(figure, { locale })).toBe(svg);
    await expect(`${svg.replaceAll("><", ">\n<")}\n`).toMatchFileSnapshot(`golden/${kind}.${locale}.svg.golden`);
  });

  test("says what it is, and has nothing that could clash on a page or run", () => {
    const svg = renderFigure(figure, { locale: "zh-CN" });
    const { root } = parse(svg);
    expect(root.getAttribute("role")).toBe("img");
    expect(root.getAttribute("aria-label")).toBe(figure.title["zh-CN"]);
    expect(root.getAttribute("aria-description")).toBe(figure.caption["zh-CN"]);
    expect(root.querySelectorAll("[id], style, script, clipPath").length).toBe(0);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|url\(/);
  });

  test("every colour turns with the page's theme", () => {
    const colors = [...renderFigure(figure, { locale: "en" }).matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(
      (match) => match[1],
    );
    expect(colors.length).toBeGreaterThan(3);
    for (const color of colors) expect(color).toMatch(/^(var\(--|none$)/);
  });

  test("keeps within a phone's width", () => {
    const { root } = parse(renderFigure(figure, { locale: "en", width: 358 }));
    expect(Number(root.getAttribute("width"))).toBe(358);
    for (const node of root.querySelectorAll("rect, circle")) {
      const x = Number(node.getAttribute("x") ?? node.getAttribute("cx"));
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + Number(node.getAttribute("width") ?? 0)).toBeLessThanOrEqual(359);
    }
  });

  test("has a table behind it with all its rows", () => {
    const table = figureTable(figure);
    expect(table.rows.length).toBeGreaterThan(0);
    for (const row of table.rows) expect(row.cells.length).toBe(table.columns.length);
  });
});

test("both languages draw the same numbers", () => {
  for (const figure of figures) {
    const [en, zh] = locales.map((locale) =>
      parse(renderFigure(figure, { locale })).texts.flatMap((text) => text.match(/[−\d.,]*\d/g) ?? []),
    );
    expect(en).toEqual(zh);
  }
});

test("group names cannot become mark-up, and are told in full where they are cut", () => {
  for (const figure of compasReport(hostileGroups).audits.flatMap((audit) => audit.figures)) {
    const svg = renderFigure(figure, { locale: "en" });
    const { root, titles } = parse(svg);
    expect(root.querySelectorAll("script, a, foreignObject").length).toBe(0);
    expect(svg).not.toContain("\u202e");
    expect(svg).not.toContain("<script");
    if (figure.kind === "intervals" && figure.id === "fpr-race") {
      expect(titles).toContain(hostileNames[4]);
      expect(titles.some((title) => title.startsWith(`${hostileNames[0]}: `))).toBe(true);
    }
  }
});

const intervals = (
  rows: FigureOf<"intervals">["rows"],
  unit: FigureOf<"intervals">["unit"] = "percent",
): FigureOf<"intervals"> => ({
  kind: "intervals",
  id: "x",
  title: { en: "Title", "zh-CN": "标题" },
  caption: { en: "Caption", "zh-CN": "说明" },
  unit,
  xTitle: { en: "Rate", "zh-CN": "比率" },
  rows,
  reference: null,
});
const row = (label: string, value: number | null, low: number | null, high: number | null, few = false) => ({
  label: { en: label, "zh-CN": label },
  value,
  low,
  high,
  n: 10,
  few,
});

test("rows stand highest first, the unknown last and without a dot", () => {
  const { root, texts } = parse(
    renderFigure(intervals([row("b", 0.1, 0.05, 0.2), row("u", null, null, null), row("a", 0.4, 0.3, 0.5)]), {
      locale: "en",
    }),
  );
  expect(texts.filter((text) => /^[abu]$/.test(text))).toEqual(["a", "b", "u"]);
  expect(root.querySelectorAll("circle").length).toBe(2);
  expect(texts.at(-1)).toBe("–");
});

test("one group of three people does not flatten the others: its interval ends in an arrow", () => {
  const narrow = [row("a", 1.1, 1.05, 1.15), row("b", 1.0, 0.95, 1.05), row("few", 1.2, 0.01, 900, true)];
  const { texts } = parse(renderFigure(intervals(narrow, "ratio"), { locale: "en" }));
  const largest = Math.max(...texts.map(Number).filter(Number.isFinite));
  expect(largest).toBeLessThan(3);
});

test("hundreds of groups: the ends are drawn and the rest is counted", () => {
  const rows = Array.from({ length: 300 }, (_, index) => row(`g${index}`, index / 300, null, null));
  const { root, texts } = parse(renderFigure(intervals(rows), { locale: "en" }));
  expect(root.querySelectorAll("circle").length).toBe(40);
  expect(texts).toContain("… 260 more in the table");
});

test("nothing to draw is drawn as nothing, not as an error", () => {
  const empty: Figure[] = [
    intervals([]),
    intervals([row("a", 0, 0, 0)]),
    {
      ...intervals([]),
      kind: "heatmap",
      rowTitle: { en: "r", "zh-CN": "r" },
      columnTitle: { en: "c", "zh-CN": "c" },
      rows: [],
      columns: [],
      cells: [],
    } as unknown as Figure,
    {
      kind: "curves",
      id: "x",
      title: intervals([]).title,
      caption: intervals([]).caption,
      xTitle: intervals([]).xTitle,
      yTitle: intervals([]).xTitle,
      diagonal: true,
      series: [],
    },
    {
      kind: "histogram",
      id: "x",
      title: intervals([]).title,
      caption: intervals([]).caption,
      xTitle: intervals([]).xTitle,
      yTitle: intervals([]).xTitle,
      series: [],
    },
    { kind: "tree", id: "x", title: intervals([]).title, caption: intervals([]).caption, nodes: [] },
  ];
  for (const figure of empty) expect(renderFigure(figure, { locale: "en" })).not.toMatch(/NaN|Infinity/);
});

test("hatching stays inside its cell", () => {
  for (const line of hatch({ x1: 10, y1: 20, x2: 60, y2: 58 })) {
    for (const x of [line.x1, line.x2]) expect(x >= 10 && x <= 60).toBe(true);
    for (const y of [line.y1, line.y2]) expect(y >= 20 && y <= 58).toBe(true);
  }
});

test("ticks are round numbers", () => {
  expect(ticks(0, 0.8, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
  expect(ticks(-0.03, 0.05, 4)).toEqual([-0.02, 0, 0.02, 0.04]);
  expect(niceRange(0.013, 0.69, 5)).toEqual([0, 0.8]);
  expect(tickDecimals([0, 0.05])).toBe(2);
  expect(tickDecimals([0, 20])).toBe(0);
});

test("a waterfall in which nothing moves has an axis around its value, whatever rounding leaves of a difference", () => {
  const word = (text: string) => ({ en: text, "zh-CN": text });
  const figure: FigureOf<"waterfall"> = {
    kind: "waterfall",
    id: "still",
    title: word("still"),
    caption: word("still"),
    unit: "number",
    xTitle: word("output"),
    start: { label: word("background"), value: 0.7310585786300049 },
    steps: [{ label: word("x = 1"), value: 0 }],
    end: { label: word("row"), value: 0.7310585786300048 },
  };
  const { texts } = parse(renderFigure(figure, { locale: "en" }));
  expect(texts).toEqual(expect.arrayContaining(["0.5", "1.0"]));
});

describe("names that stand beside what they name", () => {
  const figure: FigureOf<"curves"> = {
    kind: "curves",
    id: "front",
    title: { en: "Cost", "zh-CN": "代价" },
    caption: { en: "Gap against accuracy", "zh-CN": "差距与准确率" },
    xTitle: { en: "Gap", "zh-CN": "差距" },
    yTitle: { en: "Accuracy", "zh-CN": "准确率" },
    diagonal: false,
    names: "direct",
    series: [
      {
        label: { en: "front", "zh-CN": "前沿" },
        mark: "line",
        points: [
          [0, 60],
          [10, 64],
          [20, 65],
        ],
      },
      {
        label: { en: "dominated", "zh-CN": "被支配" },
        mark: "point",
        points: [
          [12, 63],
          [18, 62],
        ],
      },
      { label: { en: "this plan", "zh-CN": "本计划" }, mark: "dot", points: [[0, 60, 58, 62]] },
      { label: { en: "before", "zh-CN": "之前" }, mark: "dot", points: [[19, 65, 63, 67]] },
    ],
  };

  test.each([
    ["en", 560],
    ["zh-CN", 358],
  ] as const)("once each, apart from each other and inside the plane: %s at %d px", (locale, width) => {
    const { root, texts } = parse(renderFigure(figure, { locale, width }));
    const boxes = figure.series.map(({ label }) => {
      const name = label[locale];
      expect(
        texts.filter((text) => text.includes(name)),
        name,
      ).toHaveLength(1);
      const node = [...root.querySelectorAll("text")].find((text) => text.textContent?.includes(name));
      const [x = 0, y = 0] = (node?.getAttribute("transform") ?? "").match(/-?[\d.]+/g)?.map(Number) ?? [];
      return { left: x, right: x + textWidth(name, 13), top: y - 8, bottom: y + 8 };
    });
    for (const [index, a] of boxes.entries()) {
      expect(a.left).toBeGreaterThanOrEqual(0);
      expect(a.right).toBeLessThanOrEqual(width);
      for (const b of boxes.slice(index + 1)) {
        expect(a.left >= b.right || b.left >= a.right || a.top >= b.bottom || b.top >= a.bottom).toBe(true);
      }
    }
    // Hollow dots are joined by nothing: one line, and none through the single points.
    expect([...root.querySelectorAll("circle")].length).toBe(4);
  });
});

test("rows that are given in an order stand in it, others by their value", () => {
  const row = (label: string, value: number) => ({
    label: { en: label, "zh-CN": label },
    value,
    low: null,
    high: null,
    n: null,
    few: false,
  });
  const figure: FigureOf<"intervals"> = {
    kind: "intervals",
    id: "pairs",
    title: { en: "Pairs", "zh-CN": "成对" },
    caption: { en: "Before and after", "zh-CN": "之前与之后" },
    unit: "percent",
    xTitle: { en: "Rate", "zh-CN": "比率" },
    rows: [row("first", 0.2), row("second", 0.9), row("third", 0.5)],
    reference: null,
  };
  const order = (of: FigureOf<"intervals">): string[] =>
    parse(renderFigure(of, { locale: "en" })).texts.filter((text) => ["first", "second", "third"].includes(text));
  expect(order({ ...figure, order: "given" })).toEqual(["first", "second", "third"]);
  expect(order(figure)).toEqual(["second", "third", "first"]);
});

import { locales, type Report } from "@assay/schema";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { escapeHtml } from "../display-text.ts";
import { compas, compasReport } from "../fixtures/compas-report.ts";
import { hiringReport } from "../fixtures/hiring-report.ts";
import { hostileGroups, hostileNames } from "../fixtures/hostile.ts";
import { verifyReport } from "../verify-report.ts";
import { words } from "../words/index.ts";
import { csv } from "./csv.ts";
import { html } from "./html.ts";
import { fitting, renderers } from "./index.ts";
import { json } from "./json.ts";
import { escapeMarkdown, md } from "./md.ts";

const report = compasReport();
const hostile = compasReport(hostileGroups);

/** RFC 4180, written apart from the writer. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const sign = text[index];
    if (quoted) {
      if (sign === '"' && text[index + 1] === '"') {
        cell += '"';
        index++;
      } else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"') quoted = true;
    else if (sign === ",") {
      rows.at(-1)?.push(cell);
      cell = "";
    } else if (sign === "\r" && text[index + 1] === "\n") {
      rows.at(-1)?.push(cell);
      cell = "";
      rows.push([]);
      index++;
    } else cell += sign;
  }
  rows.pop();
  return rows;
}

test("the list is alphabetical and each format is named once", () => {
  const ids = renderers.map((renderer) => renderer.id);
  expect(ids).toEqual([...ids].sort());
  expect(new Set(renderers.map((renderer) => renderer.extension)).size).toBe(ids.length);
});

test.each(renderers.flatMap((renderer) => locales.map((locale) => [renderer.id, locale, renderer] as const)))(
  "%s in %s is written as before, and always the same",
  async (id, locale, renderer) => {
    const written = (): string =>
      renderer.render(fitting([renderer], report).length > 0 ? compasReport() : hiringReport(), { locale });
    const text = written();
    expect(written()).toBe(text);
    // Figures have goldens of their own.
    const short = text.replace(/<svg[\s\S]*?<\/svg>/g, "<svg/>").replace(/<style>[\s\S]*?<\/style>/, "<style/>");
    const name = id === "csv" || id === "json" ? `report.${id}` : `report.${locale}.${id}`;
    await expect(short).toMatchFileSnapshot(`golden/${name}.golden`);
  },
);

test("the JSON file verifies after it was read back", () => {
  expect(verifyReport(JSON.parse(json.render(report)))).toMatchObject({ ok: true });
});

test("the HTML file fetches nothing and runs nothing", () => {
  for (const locale of locales) {
    const text = html.render(hostile, { locale });
    const { document } = parseHTML(text);
    expect(document.querySelectorAll("script, link, img, iframe, object, embed, base, form").length).toBe(0);
    expect(/url\(|@import|\son\w+=|javascript:/i.exec(text)?.[0]).toBeUndefined();
    for (const link of document.querySelectorAll("a")) expect(link.getAttribute("href")).toMatch(/^#/);
  }
});

test("the HTML file is well formed: ids once, links that lead somewhere, headings in order, tables with heads", () => {
  const { document } = parseHTML(html.render(report, { locale: "en" }));
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const link of document.querySelectorAll("a")) expect(ids).toContain(link.getAttribute("href")?.slice(1));
  for (const node of document.querySelectorAll("[aria-labelledby]"))
    expect(ids).toContain(node.getAttribute("aria-labelledby"));
  const levels = [...document.querySelectorAll("h1,h2,h3,h4")].map((heading) => Number(heading.tagName[1]));
  expect(levels[0]).toBe(1);
  for (const [index, level] of levels.entries()) expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1);
  for (const table of document.querySelectorAll("table")) {
    expect(table.querySelector("caption")).not.toBeNull();
    const widths = [...table.querySelectorAll("tr")].map((row) =>
      [...row.querySelectorAll("th,td")].reduce((sum, cell) => sum + Number(cell.getAttribute("colspan") ?? 1), 0),
    );
    expect(new Set(widths).size).toBe(1);
  }
  for (const figure of document.querySelectorAll("figure")) {
    expect(figure.querySelector("figcaption")?.textContent).toBeTruthy();
    expect(figure.querySelector("details table")).not.toBeNull();
  }
});

test("every figure and every table of the report stands on the page once", () => {
  const { document } = parseHTML(html.render(report, { locale: "en" }));
  const figures = report.audits.flatMap((audit) => audit.figures);
  expect(document.querySelectorAll("figure").length).toBe(figures.length);
  const headings = [...document.querySelectorAll("h3")].map((heading) => heading.textContent);
  for (const table of report.audits.flatMap((audit) => audit.tables)) expect(headings).toContain(table.title.en);
});

test("both languages tell the same numbers", () => {
  const numbers = (text: string): string[] =>
    (text.match(/[−\d][\d.,]*/g) ?? []).map((one) => one.replace(/[.,]+$/, "")).sort();
  const bodies = locales.map((locale) => {
    const { document } = parseHTML(html.render(report, { locale }));
    for (const style of document.querySelectorAll("style")) style.remove();
    return numbers(document.body.textContent ?? "");
  });
  expect(bodies[0]).toEqual(bodies[1]);
  expect(bodies[0]?.length).toBeGreaterThan(300);
  const [en, zh] = locales.map((locale) => numbers(md.render(report, { locale })));
  expect(en).toEqual(zh);
  const [a, b] = locales.map((locale) => csv.render(report, { locale }));
  expect(a).toBe(b);
});

test("texts of the data stay texts in every format", () => {
  const page = html.render(hostile, { locale: "en" });
  expect(page.includes("&lt;script&gt;alert")).toBe(true);
  expect(page.includes("<script")).toBe(false);
  expect(page.includes("\u202e")).toBe(false);
  const comment = md.render(hostile, { locale: "en" });
  expect(comment.includes("<script")).toBe(false);
  expect(/(?<!\\)@someone|[^&]#12|http:\/\/|www\.evil/.exec(comment)?.[0]).toBeUndefined();
  const lines = comment.split("\n");
  expect(lines.some((line) => line.startsWith("# head"))).toBe(false);
  // A group's name must not open a cell of its own.
  const rows = lines.filter((line) => line.startsWith("| a "));
  expect(rows.length).toBeGreaterThan(0);
  for (const line of rows) expect(line.replaceAll("\\|", "").split("|").length).toBe(7);
  const sheet = csv.render(hostile, { locale: "en" });
  expect(sheet.includes("family \ufffd txt.exe")).toBe(true);
  expect(sheet.includes("\u202e")).toBe(false);
  expect(sheet.replaceAll("\r\n", "").includes("\n")).toBe(false);
  expect(verifyReport(JSON.parse(json.render(hostile)))).toMatchObject({ ok: true });
});

test("Markdown escapes what would be mark-up", () => {
  expect(escapeMarkdown("1. *a* _b_ [c](d) `e` ~f~ $g$")).toBe(
    "1\\. \\*a\\* \\_b\\_ \\[c\\](d) \\`e\\` \\~f\\~ \\$g\\$",
  );
  expect(escapeMarkdown("- a")).toBe("\\- a");
  expect(escapeMarkdown("@sum #12 &#64;")).toBe("&#64;sum &#35;12 &amp;&#35;64;");
});

test("CSV has one row per measure, every number at full precision", () => {
  const [head = [], ...rows] = parseCsv(csv.render(report));
  const measures = report.audits.flatMap((audit) => audit.measures);
  expect(rows.length).toBe(measures.length);
  const column = (name: string): number => head.indexOf(name);
  rows.forEach((row, index) => {
    expect(row.length).toBe(head.length);
    const value = row[column("value")];
    expect(value === "" ? null : Number(value)).toBe(measures[index]?.value);
    const low = row[column("low")];
    expect(low === "" ? undefined : Number(low)).toBe(measures[index]?.low);
  });
  expect(rows[0]?.[column("group.race")]).toBe(compas[0]?.group);
  expect(rows.find((row) => row[column("reason")] === "no rows")?.[column("group.race")]).toBe("(unknown)");
});

test("CSV cannot run a formula, and keeps every sign of a text that can be seen", () => {
  const [head = [], ...rows] = parseCsv(csv.render(hostile));
  const groups = rows.map((row) => row[head.indexOf("group.race")] ?? "");
  for (const row of rows) for (const cell of row) expect(cell).not.toMatch(/^[=+@\t\r＝＋－＠]|^-(?!\d)/);
  expect(groups[1]).toBe(`'${hostileNames[1]}`);
  expect(groups[5]).toBe(hostileNames[5].replace("\n", " "));
});

test("a report with nothing in it is still a page", () => {
  const empty = { ...report, audits: [], gate: { verdict: "none" as const, rules: [] } };
  for (const locale of locales) {
    expect(html.render(empty, { locale })).toContain(locale === "en" ? "made no finding" : "没有得出发现");
    expect(md.render(empty, { locale })).not.toContain("undefined");
    expect(parseCsv(csv.render(empty)).length).toBe(1);
  }
});

test("what the reader of the data met stands before the findings, in words of the language", () => {
  for (const locale of locales) {
    const said = report.data.warnings[0]?.[locale] ?? "";
    const page = html.render(report, { locale });
    expect(page.indexOf(said)).toBeGreaterThan(0);
    expect(page.indexOf(said)).toBeLessThan(page.indexOf('id="findings"'));
    const comment = md.render(report, { locale });
    expect(comment.indexOf(escapeMarkdown(said))).toBeGreaterThan(0);
    expect(comment.indexOf(escapeMarkdown(said))).toBeLessThan(
      comment.indexOf(locale === "en" ? "## Findings" : "## 发现"),
    );
  }
  const clean = { ...report, data: { ...report.data, warnings: [] } };
  expect(html.render(clean, { locale: "en" })).not.toContain("Notes on the data");
});

test("what was measured on the machine is told as such, with its rule", () => {
  const [rule, ...rules] = report.gate.rules;
  if (!rule) throw new Error("no rule");
  const measured: Report = {
    ...report,
    audits: report.audits.map((audit, index) => (index === 0 ? { ...audit, volatile: true } : audit)),
    gate: { ...report.gate, rules: [{ ...rule, volatile: true }, ...rules] },
  };
  for (const locale of locales) {
    const { volatile, volatileShort } = words[locale];
    for (const renderer of [html, md]) {
      const text = renderer.render(measured, { locale });
      expect(text.split(volatile)).toHaveLength(2);
      // Beside its rule; the page tells it beside the digest of its section, too.
      expect(text.split(volatileShort)).toHaveLength(renderer === html ? 3 : 2);
      expect(renderer.render(report, { locale })).not.toContain(volatileShort);
    }
  }
});

test("a model stands among the evidence with its digest and its file", () => {
  const digest = `sha256:${"d".repeat(64)}` as const;
  const model: Report["model"] = {
    digest,
    file: "<score>.onnx",
    format: "onnx",
    sizeBytes: 12,
    parameters: 3,
    inputs: [{ name: "age", kind: "number" }],
    output: "probabilities",
    structure: "trees",
    link: "logistic",
    classes: ["0", "1"],
  };
  for (const locale of locales) {
    expect(html.render({ ...report, model }, { locale })).toContain(
      `<code>${digest}</code> <bdi>&lt;score&gt;.onnx</bdi>`,
    );
    expect(md.render({ ...report, model }, { locale })).toContain(`- ${words[locale].model}: \`${digest}\``);
    expect(md.render(report, { locale })).not.toContain(`- ${words[locale].model}: `);
  }
});

test("a report on an endpoint says that nothing tells what answers there", () => {
  const model: Report["model"] = {
    digest: `sha256:${"d".repeat(64)}`,
    file: "https://models.example.org/credit/predict",
    format: "endpoint",
    sizeBytes: 0,
    parameters: null,
    inputs: [{ name: "age", kind: "number" }],
    output: "probabilities",
    structure: "other",
    link: null,
    classes: ["0", "1"],
  };
  for (const locale of locales) {
    for (const renderer of [html, md]) {
      const text = renderer.render({ ...report, model }, { locale });
      expect(text).toContain(words[locale].endpoint);
      expect(text).toContain("//models.example.org/credit/predict");
      expect(renderer.render({ ...report, model: { ...model, format: "onnx" } }, { locale })).not.toContain(
        words[locale].endpoint,
      );
    }
  }
});

test("the files that a model is read from stand beside its digest, in both languages, and only where there are some", () => {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}` as const;
  const model: Report["model"] = {
    digest: digest("a"),
    file: "model.onnx",
    format: "onnx",
    sizeBytes: 300,
    parameters: 3,
    inputs: [],
    output: "probabilities",
    structure: "network",
    link: null,
    classes: null,
  };
  const files = [
    { name: "weights/<b>.bin", sizeBytes: 1, digest: digest("b") },
    { name: "weights/_c_.bin", sizeBytes: 1_234_567, digest: digest("c") },
  ];
  const told = { en: ["1 byte", "1,234,567 bytes"], "zh-CN": ["1 字节", "1,234,567 字节"] } as const;
  for (const locale of locales) {
    const page = html.render({ ...report, model: { ...model, files } }, { locale });
    const text = md.render({ ...report, model: { ...model, files } }, { locale });
    for (const [place, file] of files.entries()) {
      expect(page).toContain(`<code>${file.digest}</code> <bdi>${escapeHtml(file.name)}</bdi>, ${told[locale][place]}`);
      expect(text).toContain(`\`${file.digest}\`, ${escapeMarkdown(file.name)}, ${told[locale][place]}`);
    }
    expect(page.split(words[locale].modelFiles)).toHaveLength(2);
    for (const renderer of [html, md]) {
      const alone = renderer.render({ ...report, model }, { locale });
      expect(alone).not.toContain(words[locale].modelFiles);
      expect(alone).not.toContain(words[locale].modelFile);
    }
  }
});

import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { AssayError, digestBytes } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dataset, OpenOptions } from "../dataset.ts";
import { coded, numbers, requestKey } from "../table.ts";
import { openDataset } from "./open-dataset.ts";

const shared = resolve(import.meta.dirname, "../../../../../shared/data");
const hasShared = existsSync(shared);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dataset-test-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const opened: Dataset[] = [];
async function load(path: string, source: Partial<OpenOptions["source"]> = {}): Promise<Dataset> {
  const dataset = await openDataset(path, { source: { missing: [""], ...source } });
  opened.push(dataset);
  return dataset;
}
afterAll(async () => {
  for (const dataset of opened) await dataset.close();
});

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function fault(path: string, source: Partial<OpenOptions["source"]> = {}): Promise<AssayError> {
  const error = await load(path, source).then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(AssayError);
  return error as AssayError;
}

const text = (column: string) => ({ kind: "text", column }) as const;

/** Rows of each level, in level order. */
function tally(dataset: Awaited<ReturnType<Dataset["load"]>>, column: string): Record<string, number> {
  const { codes, levels } = coded(dataset.table, text(column));
  const counts = new Array<number>(levels.length + 1).fill(0);
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return Object.fromEntries(levels.map((level, index) => [level, counts[index + 1] ?? 0]));
}

describe.skipIf(!hasShared)("published data", () => {
  const compas = join(shared, "compas-scores-two-years.csv");
  const propublica =
    "days_b_screening_arrest <= 30 and days_b_screening_arrest >= -30 and is_recid != -1 and c_charge_degree != 'O' and score_text != 'N/A'";

  test("COMPAS has 7,214 rows, and its repeated columns are equal, so that they can be used", async () => {
    const dataset = await load(compas);
    expect(dataset.rowsRead).toBe(7214);
    expect(dataset.digest).toBe(digestBytes(new Uint8Array(await readFile(compas))));
    expect(dataset.warnings.map((warning) => warning.en)).toEqual([
      'The column name "decile_score" stands 2 times in the header; the first column keeps it, the others are called "decile_score_1".',
      'The column name "priors_count" stands 2 times in the header; the first column keeps it, the others are called "priors_count_1".',
    ]);
    const type = Object.fromEntries(dataset.columns.map((column) => [column.name, column.type]));
    expect(type).toMatchObject({
      age: "integer",
      c_jail_in: "date",
      days_b_screening_arrest: "integer",
      dob: "date",
      race: "text",
    });
    const loaded = await dataset.load([text("race"), { kind: "number", column: "priors_count" }]);
    // ProPublica's notebook, "Compas Analysis.ipynb".
    expect(tally(loaded, "race")).toEqual({
      "African-American": 3696,
      Asian: 32,
      Caucasian: 2454,
      Hispanic: 637,
      "Native American": 18,
      Other: 377,
    });
    expect(loaded.data.columns.find((column) => column.name === "days_b_screening_arrest")?.missing).toBe(307);
  });

  test("ProPublica's filter leaves 6,172 rows", async () => {
    const dataset = await load(compas, { where: propublica });
    const loaded = await dataset.load([
      text("race"),
      text("score_text"),
      { kind: "bands", column: "age", breaks: [25, 45] },
      { kind: "at-least", column: "decile_score", bound: 5 },
      { kind: "equals", column: "two_year_recid", equals: ["1"] },
    ]);
    expect(loaded.table.rows).toBe(6172);
    expect(loaded.data).toMatchObject({ rows: 6172, rowsRead: 7214, format: "csv", encoding: "utf-8" });
    // The same notebook, after the filter.
    expect(tally(loaded, "race")).toEqual({
      "African-American": 3175,
      Asian: 31,
      Caucasian: 2103,
      Hispanic: 509,
      "Native American": 11,
      Other: 343,
    });
    expect(coded(loaded.table, text("score_text")).levels).toEqual(["High", "Low", "Medium"]);
    const recid = coded(loaded.table, { kind: "equals", column: "two_year_recid", equals: ["1"] });
    expect(recid.levels).toEqual(["0", "1"]);
    expect(recid.codes.filter((code) => code === 2)).toHaveLength(2809);
    expect(loaded.data.columns.find((column) => column.name === "days_b_screening_arrest")?.missing).toBe(0);
  });

  test("Adult, separated by semicolons", async () => {
    const dataset = await load(join(shared, "arx_adult_30162.csv"));
    expect(dataset.rowsRead).toBe(30162);
    expect(dataset.columns.map(({ name }) => name)).toEqual(
      "sex age race marital-status education native-country workclass occupation salary-class".split(" "),
    );
    expect(tally(await dataset.load([text("salary-class")]), "salary-class")).toEqual({ "<=50K": 22654, ">50K": 7508 });
  });

  const adult =
    "age,workclass,fnlwgt,education,education-num,marital-status,occupation,relationship,race,sex,capital-gain,capital-loss,hours-per-week,native-country,income".split(
      ",",
    );

  test("Adult without a header line, blanks after commas, ? for missing", async () => {
    const dataset = await load(join(shared, "adult.data"), { header: adult, missing: ["", "?"] });
    expect(dataset.rowsRead).toBe(32561);
    const loaded = await dataset.load([text("workclass"), text("income")]);
    expect(tally(loaded, "income")).toEqual({ "<=50K": 24720, ">50K": 7841 });
    expect(loaded.data.columns.find((column) => column.name === "workclass")).toEqual({
      name: "workclass",
      type: "text",
      distinct: 8,
      missing: 1836,
    });
    const without = await load(join(shared, "adult.data"));
    expect(without.warnings[0]?.en).toContain("if the file has no header line, name the columns with data.header");
  });

  test("Adult's test file has a comment for a first line, which is told", async () => {
    expect((await fault(join(shared, "adult.test"), { header: adult })).message).toMatch(
      /^adult\.test, line 1: 1 fields?, but data\.header names 15 columns/,
    );
  });

  test.each([
    ["sklearn_breast_cancer.csv", 569, 31],
    ["sklearn_diabetes.csv", 442, 11],
    ["sklearn_digits.csv", 1797, 65],
    ["sklearn_iris.csv", 150, 5],
    ["sklearn_wine.csv", 178, 14],
  ])("%s has %i rows and %i columns, all numbers", async (name, rows, columns) => {
    const dataset = await load(join(shared, name));
    expect(dataset.rowsRead).toBe(rows);
    expect(dataset.columns).toHaveLength(columns);
    expect(dataset.columns.every(({ type }) => type === "integer" || type === "number")).toBe(true);
  });
});

describe("values", () => {
  test("stay as written: leading zeros, yes, NA", async () => {
    const dataset = await load(await write("zip.csv", "zip,answer,na\n01234,yes,NA\n00501,no,\n"));
    expect(dataset.columns.map(({ type }) => type)).toEqual(["text", "text", "text"]);
    const { table } = await dataset.load([text("zip"), text("answer"), text("na")]);
    expect(coded(table, text("zip")).levels).toEqual(["00501", "01234"]);
    expect(coded(table, text("na"))).toMatchObject({ levels: ["NA"], codes: Uint8Array.of(1, 0) });
  });

  test("named as missing are missing in every form", async () => {
    const dataset = await load(await write("missing.csv", "x,y\n1,a\n-9,NA\n3,\n,b\n"), { missing: ["", "NA", "-9"] });
    expect(dataset.columns.map(({ type }) => type)).toEqual(["integer", "text"]);
    const { table, data } = await dataset.load([
      text("x"),
      text("y"),
      { kind: "number", column: "x" },
      { kind: "at-least", column: "x", bound: 2 },
      { kind: "equals", column: "y", equals: ["a"] },
      { kind: "bands", column: "x", breaks: [2, 9] },
    ]);
    expect([...coded(table, text("x")).codes]).toEqual([1, 0, 2, 0]);
    expect([...coded(table, text("y")).codes]).toEqual([1, 0, 0, 2]);
    expect([...numbers(table, { kind: "number", column: "x" }).values]).toEqual([1, Number.NaN, 3, Number.NaN]);
    expect([...coded(table, { kind: "at-least", column: "x", bound: 2 }).codes]).toEqual([1, 0, 2, 0]);
    expect([...coded(table, { kind: "equals", column: "y", equals: ["a"] }).codes]).toEqual([2, 0, 0, 1]);
    const bands = coded(table, { kind: "bands", column: "x", breaks: [2, 9] });
    expect(bands.levels).toEqual(["<2", "2–8", "≥9"]);
    expect([...bands.codes]).toEqual([1, 0, 2, 0]);
    expect(data.columns.map(({ missing }) => missing)).toEqual([2, 2]);
  });

  test("levels are those of the rows that pass the filter, in order of value", async () => {
    const path = await write("levels.csv", "g,n\n10,1\n9,1\nold,2\n9,1\n");
    const all = await (await load(path)).load([text("g")]);
    expect(coded(all.table, text("g")).levels).toEqual(["10", "9", "old"]);
    const some = await (await load(path, { where: "n = 1" })).load([text("g")]);
    expect(coded(some.table, text("g")).levels).toEqual(["9", "10"]);
    expect([...coded(some.table, text("g")).codes]).toEqual([2, 1, 1]);
    expect(some.data.columns[0]?.distinct).toBe(2);
  });

  test("are coded as narrowly as their number allows, in memory that threads share", async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `${index},${index % 3}`);
    const dataset = await load(await write("wide.csv", `many,few\n${lines.join("\n")}\n`));
    const { table } = await dataset.load([text("many"), text("few")]);
    expect(coded(table, text("many")).codes).toBeInstanceOf(Uint16Array);
    expect([...coded(table, text("many")).codes]).toEqual(lines.map((_, index) => index + 1));
    expect(coded(table, text("few")).codes).toBeInstanceOf(Uint8Array);
    expect(coded(table, text("few")).codes.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test("of the report do not depend on which columns are asked for", async () => {
    const path = await write("report.csv", "a,b\n1,\n2,x\n3,\n");
    const dataset = await load(path, { where: "a >= 2" });
    const one = (await dataset.load([text("a")])).data;
    const both = (await dataset.load([text("a"), text("b")])).data;
    expect(one.columns.map(({ name, type, missing }) => ({ name, type, missing }))).toEqual(
      both.columns.map(({ name, type, missing }) => ({ name, type, missing })),
    );
    expect(one.columns[1]).toEqual({ name: "b", type: "text", distinct: null, missing: 1 });
  });

  test("profile: types, cardinality, missing, most frequent first, range", async () => {
    const dataset = await load(await write("profile.csv", "n,t\n2,b\n10,a\n,a\n2,b\n-1,c\n"), { where: "n > 100" });
    expect(await dataset.profile()).toEqual([
      {
        name: "n",
        type: "integer",
        distinct: 3,
        missing: 1,
        top: [
          { value: "2", count: 2 },
          { value: "-1", count: 1 },
          { value: "10", count: 1 },
        ],
        min: -1,
        max: 10,
      },
      {
        name: "t",
        type: "text",
        distinct: 3,
        missing: 0,
        top: [
          { value: "a", count: 2 },
          { value: "b", count: 2 },
          { value: "c", count: 1 },
        ],
        min: null,
        max: null,
      },
    ]);
  });
});

describe("a table of counts", () => {
  const cells = "race,count\nA,990\nA,805\nB,0\n,5\n";

  test("keeps how often each line stands, and counts people in the report", async () => {
    const dataset = await load(await write("counts.csv", cells), { counts: true });
    const { table, data } = await dataset.load([text("race")]);
    expect(table.rows).toBe(4);
    expect([...(table.counts ?? [])]).toEqual([990, 805, 0, 5]);
    expect(data).toMatchObject({ rows: 1800, rowsRead: 4 });
    expect(data.columns[0]).toMatchObject({ name: "race", missing: 5 });
    const filtered = await (await load(join(folder, "counts.csv"), { counts: true, where: "count > 800" })).load([
      text("race"),
    ]);
    expect([...(filtered.table.counts ?? [])]).toEqual([990, 805]);
    expect(filtered.data.rows).toBe(1795);
  });

  test("tells the line of a bad count also where rows have line breaks in them", async () => {
    const path = await write("lines.csv", 'race,count\n"A\nB",1\n\nC,2\n"D\n\nE",-3\n');
    const dataset = await load(path, { counts: true });
    await expect(dataset.load([])).rejects.toThrow("lines.csv, line 6: the count is -3");
  });

  test.each([
    ["race,n\nA,1\n", 'a table of counts needs a column "count"'],
    ["race,count\nA,1\nB,-2\n", "line 3: the count is -2"],
    ["race,count\nA,1\nB,1.5\n", "line 3: the count is 1.5"],
    ["race,count\nA,1\nB,\n", "line 3: the count is missing"],
    ["race,count\nA,1\nB,x\n", 'line 3: column "count" holds "x"'],
    ["race,count\nA,0\n", "every count is 0"],
  ])("%j is refused", async (content, message) => {
    const path = await write("bad-counts.csv", content);
    const error = await (async () => {
      const dataset = await openDataset(path, { source: { missing: [""], counts: true } });
      return dataset.load([text("race")]);
    })().then(
      () => null,
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(AssayError);
    expect((error as AssayError).code).toBe("data-invalid");
    expect((error as AssayError).message).toContain(message);
  });
});

describe("repeated column names", () => {
  test("that differ are refused where the plan uses the name, and only there", async () => {
    const path = await write("repeated.csv", "a,b,a\n1,x,1\n2,y,2\n3,z,4\n");
    const dataset = await load(path);
    expect(dataset.columns.map(({ name }) => name)).toEqual(["a", "b", "a_1"]);
    expect((await dataset.load([text("b")])).table.rows).toBe(3);
    await expect(dataset.load([text("a")])).rejects.toThrow(
      'repeated.csv, line 4: the column name "a" is repeated and its columns differ here for the first time',
    );
    const filtered = await load(path, { where: "a = 1" });
    await expect(filtered.load([text("b")])).rejects.toThrow('the column name "a" is repeated');
  });
});

describe("encodings", () => {
  const content = "姓名,年龄\n王,31\n李,45\n";
  const gb = Uint8Array.of(
    ...[0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xc4, 0xea, 0xc1, 0xe4, 0x0a],
    ...[0xcd, 0xf5, 0x2c, 0x33, 0x31, 0x0a, 0xc0, 0xee, 0x2c, 0x34, 0x35, 0x0a],
  );
  test.each([
    ["utf-8", new TextEncoder().encode(content)],
    ["utf-8", new TextEncoder().encode(`\ufeff${content}`)],
    ["utf-16le", new Uint8Array(Buffer.from(`\ufeff${content}`, "utf16le"))],
    ["utf-16be", new Uint8Array(Buffer.from(`\ufeff${content}`, "utf16le").swap16())],
    ["gb18030", gb],
  ])("%s reads to the same table", async (encoding, bytes) => {
    for (const [name, data] of [
      ["encoded.csv", bytes],
      ["encoded.csv.gz", gzipSync(bytes)],
    ] as const) {
      const dataset = await load(await write(name, data));
      expect(dataset.encoding).toBe(encoding);
      expect(dataset.digest).toBe(digestBytes(data));
      expect(dataset.columns).toEqual([
        { name: "姓名", type: "text" },
        { name: "年龄", type: "integer" },
      ]);
      expect(coded((await dataset.load([text("姓名")])).table, text("姓名")).levels).toEqual(["李", "王"]);
    }
  });

  test("GB18030 is also found where it only begins far into the file", async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => `row ${index},${index % 7}\n`).join("");
    const dataset = await load(
      await write("late.csv", Buffer.concat([Buffer.from(`name,n\n${rows}`), gb.subarray(10)])),
    );
    expect(dataset).toMatchObject({ encoding: "gb18030", rowsRead: 60_002 });
  });
});

describe("broken files are refused with file, line and cure:", () => {
  const windows = Uint8Array.of(
    ...new TextEncoder().encode("name,n\nanna,1\nren"),
    0xe9,
    ...new TextEncoder().encode(",2\n"),
  );
  const csv = "a,b\n1,2\n3,4\n";
  test.each<[string, string | Uint8Array, Partial<OpenOptions["source"]>, string, string]>([
    ["empty.csv", "", {}, "data-invalid", "empty.csv: the file is empty; give a file with a header line"],
    ["header.csv", "a,b\n", {}, "data-invalid", "header.csv: there is a header line but no row under it"],
    [
      "ragged.csv",
      "a,b\n1,2\n3,4,5\n",
      {},
      "data-invalid",
      "ragged.csv, line 3: 3 fields, but the header has 2; put quotes",
    ],
    ["short.csv", "a,b,c\n1,2,3\n4\n", {}, "data-invalid", "short.csv, line 3: 1 field, but the header has 3"],
    [
      "open.csv",
      'a,b\n1,2\n3,"4\n5,6\n',
      {},
      "data-invalid",
      'open.csv, line 3: a quote (") opens a field here and is never closed',
    ],
    [
      "delimiter.csv",
      "a;b;c\n1;2;3\n",
      { delimiter: "," },
      "data-invalid",
      'delimiter.csv, line 1: with "," as delimiter there is only one column, but ";" would make 3; set data.delimiter to ";"',
    ],
    ["caret.csv", "a^b^c\n1^2^3\n", {}, "data-invalid", 'but "^" would make 3; set data.delimiter to "^"'],
    ["windows.csv", windows, {}, "data-invalid", "windows.csv, line 3: byte 17 (0xE9) is not valid UTF-8"],
    ["nul.csv", "a,b\n1,\u0000\n", {}, "data-invalid", "nul.csv, line 2: byte 6 is NUL"],
    [
      "rubbish.csv",
      Uint8Array.from({ length: 999 }, (_, i) => (i * 197 + 13) % 256),
      {},
      "data-invalid",
      "rubbish.csv, line",
    ],
    [
      "cut.csv.gz",
      gzipSync(csv.repeat(999)).subarray(0, 40),
      {},
      "data-invalid",
      "cut.csv.gz: the gzip data ends too early",
    ],
    [
      "damaged.csv.gz",
      gzipSync(csv).map((byte, index) => (index > 12 && index < 18 ? byte ^ 0xff : byte)),
      {},
      "data-invalid",
      "damaged.csv.gz: the gzip data is damaged",
    ],
    ["plain.csv.gz", csv, {}, "data-invalid", "plain.csv.gz: the name ends in .gz but the bytes are not gzip"],
    [
      "book.xlsx",
      "PK\u0003\u0004rest",
      {},
      "not-supported",
      "book.xlsx: spreadsheets are not read; in Excel choose File → Save As → CSV UTF-8",
    ],
    ["book.csv", "PK\u0003\u0004rest", {}, "not-supported", "book.csv: this is a ZIP archive or an Excel workbook"],
    ["list.json", "[1]", {}, "not-supported", "list.json: a JSON document is not read; write one object per line"],
    ["none.parquet", csv, {}, "data-invalid", "none.parquet: the bytes are not parquet"],
    ["head.parquet", "PAR1\u0000\u0000", {}, "data-invalid", "head.parquet: the Parquet file is cut short"],
    [
      "liar.csv",
      "PAR1\u0000\u0000",
      {},
      "data-invalid",
      "liar.csv: the bytes are parquet, whatever the name says; let it end in .parquet",
    ],
    ["junk.arrow", "ARROW1\u0000\u0000junk", {}, "data-invalid", "junk.arrow: the file is not whole Arrow IPC"],
    ["line.jsonl", '{"a":1}\n{"a":\n', {}, "data-invalid", "line.jsonl, line 2: expected a value"],
    ["filter.csv", csv, { where: "c = 1" }, "plan-invalid", 'data.where, character 1: no column "c" in data'],
    ["sign.csv", csv, { delimiter: "，" }, "plan-invalid", 'data.delimiter: "，" cannot separate fields'],
    ["named.jsonl", '{"a":1}\n', { header: ["a"] }, "plan-invalid", "data.header: named.jsonl is not delimited text"],
    ["all.csv", csv, { header: ["a", "b"] }, "data-invalid", "leave data.header out"],
  ])("%s", async (name, content, source, code, message) => {
    const error = await fault(await write(name, content), source);
    expect(error.message).toContain(message);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain(folder);
  });

  test("a file that is not there, and a folder", async () => {
    expect(await fault(join(folder, "nowhere.csv"))).toMatchObject({ code: "not-found" });
    expect((await fault(folder)).message).toContain("a folder or device, not a file");
  });

  test("a filter that is none, before the file is looked at", async () => {
    expect((await fault(join(folder, "nowhere.csv"), { where: "a = = 1" })).code).toBe("plan-invalid");
  });

  test("a filter that no row passes", async () => {
    const dataset = await load(await write("none.csv", csv), { where: "a > 5" });
    await expect(dataset.load([text("a")])).rejects.toThrow("no row of 2 passes data.where");
  });

  test("numbers asked of a column that holds others, at the first of them", async () => {
    const dataset = await load(await write("mixed.csv", "n\n1\n2\nunknown\n?\n"));
    await expect(dataset.load([{ kind: "number", column: "n" }])).rejects.toThrow(
      'mixed.csv, line 4: column "n" is needed as numbers but holds "unknown"',
    );
    await expect(dataset.load([text("m")])).rejects.toThrow(/no column "m" in data$/);
  });

  test("a single line of 2 GB, soon and in little memory", async () => {
    const path = join(folder, "line.csv");
    const handle = await open(path, "w");
    const block = Buffer.alloc(1 << 20, "x");
    await handle.write("a,b\n1,2\n");
    for (let block_ = 0; block_ < 20; block_++) await handle.write(block);
    // The rest of the 2 GB is a hole in the file: it would be read as NUL, were it reached.
    await handle.truncate(2 * 2 ** 30);
    await handle.close();
    const before = process.memoryUsage().rss;
    expect((await fault(path)).message).toContain("line.csv, line 3: this line is longer than 16 MB");
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
    await rm(path);
  });

  test("a quote that swallows the rest of a long file, at the line where it opens", async () => {
    const path = await write("swallow.csv", `a,b\n1,2\n3,"4\n${"5,6\n".repeat(5_000_000)}`);
    expect((await fault(path)).message).toContain(
      'swallow.csv, line 3: a quote (") opens a field here and is not closed within 16 MB',
    );
    await rm(path);
  });
});

describe("reading", () => {
  test("stops when it is told to", async () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => `${index},x`).join("\n");
    const path = await write("long.csv", `n,t\n${rows}\n`);
    const before = new AbortController();
    before.abort();
    const source = { missing: [""] };
    await expect(openDataset(path, { source, signal: before.signal })).rejects.toMatchObject({ code: "cancelled" });
    const during = new AbortController();
    const dataset = await openDataset(path, { source, signal: during.signal });
    during.abort();
    await expect(dataset.load([text("n")])).rejects.toMatchObject({ code: "cancelled" });
  });

  test("tells how far it is", async () => {
    const path = await write("progress.csv", `n\n${"1\n".repeat(2_000_000)}`);
    const fractions: number[] = [];
    await openDataset(path, { source: { missing: [""] }, onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.length).toBeGreaterThan(2);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    await rm(path);
  });

  test("goes by the name given where the path is a storage key", async () => {
    const path = await write("0f3a", "a;b\n1;2\n3;4;5\n");
    const error = await openDataset(path, { name: "people.csv", source: { missing: [""] } }).catch(
      (cause: unknown) => cause,
    );
    expect((error as AssayError).message).toContain("people.csv, line 3");
    expect((error as AssayError).problems).toEqual([
      { at: "people.csv:3", message: expect.stringContaining("3 fields, but the header has 2") },
    ]);
  });

  test("leaves no temporary folder behind", async () => {
    const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("assay-data-"));
    const before = leftovers();
    await fault(await write("broken.parquet", "PAR1 rubbish PAR1"));
    expect(leftovers().filter((name) => !before.includes(name))).toEqual([]);
  });

  test("equal requests share one column", async () => {
    const dataset = await load(await write("same.csv", "a\n1\n"));
    const { table } = await dataset.load([text("a"), text("a")]);
    expect(Object.keys(table.columns)).toEqual([requestKey(text("a"))]);
  });
});

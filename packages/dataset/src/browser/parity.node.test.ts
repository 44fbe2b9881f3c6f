import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dataset, OpenOptions } from "../dataset.ts";
import { openDataset as openInNode } from "../node/open-dataset.ts";
import { previewRows } from "../preview.ts";
import type { FileRequest } from "../table.ts";
import { openDataset as openInBrowser } from "./open-dataset.ts";

/*
 * The browser's readers run in Node as well, over the same Blobs: what they read is held against what Node's readers read.
 * That Chromium runs them too is held by open-dataset.browser.test.ts.
 */

const shared = fileURLToPath(new URL("../../../../../shared/data/", import.meta.url));
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-parity-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function parquet(name: string, select: string, options = ""): Promise<string> {
  const path = join(folder, name);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet${options})`);
  connection.closeSync();
  instance.closeSync();
  return path;
}

async function blobOf(path: string): Promise<File> {
  return new File([new Uint8Array(await readFile(path))], path.split("/").at(-1) ?? "data");
}

/** All that a dataset says: its columns, its profile, every column as text and as numbers where it has them. */
async function everything(dataset: Dataset, skip: readonly string[] = []) {
  const requests = dataset.columns
    .filter(({ name }) => !skip.includes(name))
    .flatMap(({ name, type }): FileRequest[] => [
      { kind: "text", column: name },
      ...(name !== "odd" && (type === "integer" || type === "number")
        ? ([{ kind: "number", column: name }] as const)
        : []),
    ]);
  const { table, data } = await dataset.load(requests);
  const columns = Object.fromEntries(
    Object.entries(table.columns).map(([key, column]) => [
      key,
      column.kind === "coded" ? { levels: column.levels, codes: [...column.codes] } : [...column.values],
    ]),
  );
  return {
    rows: table.rows,
    data,
    columns,
    profile: (await dataset.profile()).filter(({ name }) => !skip.includes(name)),
  };
}

async function same(path: string, source: OpenOptions["source"] = { missing: [""] }): Promise<void> {
  const name = path.split("/").at(-1) ?? "data";
  const here = await openInNode(path, { source, name });
  const there = await openInBrowser(await blobOf(path), { source, name });
  try {
    expect([there.digest, there.format, there.encoding, there.rowsRead]).toEqual([
      here.digest,
      here.format,
      here.encoding,
      here.rowsRead,
    ]);
    expect(there.columns).toEqual(here.columns);
    const [a, b] = [await everything(here), await everything(there)];
    expect(b.data).toEqual(a.data);
    expect(b.profile).toEqual(a.profile);
    expect(b.columns).toEqual(a.columns);
  } finally {
    await here.close();
    await there.close();
  }
}

describe("a file in the browser is what it is in Node, to the digest of the data section", () => {
  const rows = Array.from({ length: 4000 }, (_, index) => ({
    group: index % 11 === 0 ? null : (["b", "a", "Ünï", "01"][index % 4] ?? null),
    score: index % 17 === 0 ? null : ((index * 37) % 1000) / 1000,
  }));
  const csv = ["group,score", ...rows.map(({ group, score }) => `${group ?? ""},${score ?? ""}`)].join("\n");

  test.each([
    ["a.csv", csv],
    ["a.csv.gz", gzipSync(csv)],
    ["a.tsv", csv.replaceAll(",", "\t")],
    ["utf16.csv", Buffer.from(`\ufeff${csv}`, "utf16le")],
    ["a.jsonl", rows.map((row) => JSON.stringify(row)).join("\n")],
    ["a.jsonl.gz", gzipSync(rows.map((row) => JSON.stringify(row)).join("\n"))],
    ["a.arrow", tableToIPC(tableFromArrays({ n: [1, 2, 3], text: ["x", "y", "x"] }), "file")],
    ["stream.arrow", tableToIPC(tableFromArrays({ n: [1, 2, 3], text: ["x", "y", "x"] }), "stream")],
  ])("%s", async (name, content) => {
    const path = join(folder, name);
    await writeFile(path, content);
    await same(path);
    await same(path, { missing: ["", "a", "0.037"] });
  });

  const types = `SELECT
      i::TINYINT AS tiny, (i * 20000000)::UINTEGER AS unsigned, i::BIGINT * 1000 AS big,
      9007199254740993::BIGINT + i AS wide, (18446744073709551000 + i)::UBIGINT AS wider,
      (i / 7)::FLOAT AS single, i / 7.0::DOUBLE AS double, CASE WHEN i = 5 THEN 'inf'::DOUBLE WHEN i = 6 THEN 'nan'::DOUBLE WHEN i = 7 THEN -0.0 ELSE i END AS odd,
      (i * 1.25)::DECIMAL(9, 2) AS price, (i * 100.5)::DECIMAL(15, 3) AS middle, (i * 12345678901.25)::DECIMAL(30, 4) AS large, (i * 3)::DECIMAL(6, 0) AS whole,
      i % 2 = 0 AS flag, CASE WHEN i % 3 = 0 THEN NULL ELSE 'text ' || (i % 5) END AS words,
      DATE '2020-01-31' + i::INTEGER AS day, DATE '1960-02-28' - i::INTEGER AS old,
      TIMESTAMP '2020-01-01 10:00:00.5' + INTERVAL (i) SECOND AS moment, TIMESTAMPTZ '1965-01-01 10:00:00.25+00' + INTERVAL (i) DAY AS zoned,
      (TIMESTAMP '2020-01-01 10:00:00' + INTERVAL (i) MINUTE)::TIMESTAMP_NS AS nanos, (TIMESTAMP '2020-01-01 10:00:00' + INTERVAL (i) MINUTE)::TIMESTAMP_MS AS millis,
      TIME '10:00:01' + INTERVAL (i) SECOND AS clock, ('00000000-0000-0000-0000-' || lpad(i::VARCHAR, 12, '0'))::UUID AS id,
      ('x' || i)::BLOB AS bytes, '\\xAA\\x00'::BLOB AS binary, NULL::INTEGER AS nothing,
      CASE WHEN i % 2 = 0 THEN 'High' ELSE 'Low' END::ENUM('High', 'Low') AS choice
    FROM range(120) t(i)`;
  test.each([
    ["plain", ""],
    ["zstd", ", COMPRESSION zstd"],
    ["gzip", ", COMPRESSION gzip"],
    ["lz4", ", COMPRESSION lz4_raw"],
    ["brotli", ", COMPRESSION brotli"],
    ["uncompressed", ", COMPRESSION uncompressed"],
    ["small row groups", ", ROW_GROUP_SIZE 2048"],
    ["version 2", ", PARQUET_VERSION v2"],
  ])("Parquet of every type: %s", async (name, options) => {
    const path = await parquet(`${name.replaceAll(" ", "-")}.parquet`, types, options);
    await same(path);
    await same(path, { missing: ["", "12", "text 1", "true"], where: "tiny > 20 and flag = 'false'" });
  });

  test.each([
    ["version 1", ", ROW_GROUP_SIZE 2048"],
    ["version 2", ", ROW_GROUP_SIZE 4096, PARQUET_VERSION v2"],
  ])("Parquet with missing values, dictionaries and numbers of their own: %s", async (name, options) => {
    const path = await parquet(
      `many-${name.replaceAll(" ", "-")}.parquet`,
      `SELECT i AS id, CASE WHEN hash(i) % 10 = 0 THEN NULL ELSE hash(i) % 5000 END AS big,
         CASE WHEN hash(i + 1) % 7 = 0 THEN NULL ELSE 'v' || (hash(i + 2) % 900) END AS word,
         (hash(i + 3) % 99991) / 7.0 AS own, (hash(i + 4) % 5)::INTEGER AS five
       FROM range(9000) t(i)`,
      options,
    );
    await same(path);
    await same(path, { missing: ["", "v17", "3"] });
  });

  test.each([[[""]], [["", "3", "v17"]], [[]]])(
    "what nobody asks for is told all the same, from the footer or from the values (missing: %j)",
    async (missing) => {
      const path = await parquet(
        `asked-${missing.length}.parquet`,
        `SELECT i AS id, CASE WHEN i % 9 = 0 THEN NULL ELSE i % 5 END AS few, CASE WHEN i % 7 = 0 THEN '' ELSE 'v' || (i % 20) END AS word,
           'v' || (i % 20) AS full, CASE WHEN i % 11 = 0 THEN 'nan'::DOUBLE WHEN i % 13 = 0 THEN NULL ELSE i / 7.0 END AS own,
           i % 2 = 0 AS flag, DATE '2020-01-31' + (i % 90)::INTEGER AS day, NULL::VARCHAR AS nothing,
           CASE WHEN i % 17 = 0 THEN NULL ELSE 9007199254740993 + i END AS wide
         FROM range(5000) t(i)`,
        ", ROW_GROUP_SIZE 2048",
      );
      const source = { missing };
      const here = await openInNode(path, { source, name: "a.parquet" });
      const there = await openInBrowser(await blobOf(path), { source, name: "a.parquet" });
      for (const column of ["id", "few", "word"]) {
        const requests = [{ kind: "text", column }] as const;
        expect((await there.load(requests)).data).toEqual((await here.load(requests)).data);
      }
      await here.close();
      await there.close();
    },
  );

  test("a preview of a large file is of rows from all over it, and of a small one of all", async () => {
    const path = await parquet("large.parquet", "SELECT i // 400000 AS third, i AS id FROM range(1200000) t(i)");
    const large = await openInBrowser(await blobOf(path), { source: { missing: [""] } });
    const { rows, columns, columnBytes } = await large.preview();
    expect([rows < large.rowsRead, rows >= previewRows * 0.75, rows <= previewRows]).toEqual([true, true, true]);
    const [third, id] = columns;
    expect(third?.top.map(({ value }) => value).sort()).toEqual(["0", "1", "2"]);
    expect(third?.top.reduce((sum, { count }) => sum + count, 0)).toBe(rows);
    expect([id?.distinct, id?.max]).toEqual([rows, 1_199_999]);
    expect(columnBytes).toEqual([2 * 8 * large.rowsRead, 2 * 8 * large.rowsRead]);
    const all = await large.load([{ kind: "text", column: "third" }]);
    expect([all.table.rows, all.data.columns.map(({ distinct }) => distinct)]).toEqual([1_200_000, [3, null]]);
    await large.close();
    const small = await openInBrowser(new File(["a,b\n1,x\n2,y"], "small.csv"), { source: { missing: [""] } });
    expect(await small.preview()).toMatchObject({ rows: 2, columns: await small.profile() });
    await small.close();
  });

  test("columns of lists and structures are told, and refused where they are asked for", async () => {
    const path = await parquet(
      "nested.parquet",
      "SELECT i AS plain, [i, i] AS list, {'a': i} AS struct FROM range(10) t(i)",
    );
    const dataset = await openInBrowser(await blobOf(path), { source: { missing: [""] } });
    expect(dataset.columns.map(({ name }) => name)).toEqual(["plain", "list", "struct"]);
    await expect(dataset.load([{ kind: "text", column: "list" }])).rejects.toThrow(/"list" holds lists or structures/);
    expect((await dataset.load([{ kind: "number", column: "plain" }])).table.rows).toBe(10);
    await dataset.close();
  });

  test.each([
    ["empty.csv", "", /empty/],
    ["cut.parquet", "PAR1xxxx", /cut short/],
    ["bad.csv.gz", Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3), /gzip data is damaged/],
    ["wrong.parquet", "a,b\n1,2", /not parquet/],
    ["a.xlsx", "PK\u0003\u0004", /spreadsheets are not read/],
  ])("%s is refused with what to do", async (name, content, why) => {
    await expect(openInBrowser(new File([content], name), { source: { missing: [""] } })).rejects.toThrow(why);
  });

  test("damaged Parquet ends in an error and nothing else", async () => {
    const path = await parquet("mutate.parquet", "SELECT i, 'v' || (i % 7) AS t, i / 3.0 AS d FROM range(200) t(i)");
    const bytes = new Uint8Array(await readFile(path));
    let refused = 0;
    for (let round = 0; round < 200; round++) {
      const copy = bytes.slice();
      for (let change = 0; change < 3; change++)
        copy[4 + ((round * 7919 + change * 104_729) % (copy.length - 8))] = (round * 31 + change * 17) % 256;
      try {
        const dataset = await openInBrowser(new File([copy], "mutate.parquet"), { source: { missing: [""] } });
        await dataset.load([{ kind: "text", column: dataset.columns[0]?.name ?? "" }]);
        await dataset.close();
      } catch (error) {
        expect((error as Error).name, String(error)).toBe("AssayError");
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(20);
  });

  test("reading stops when it is cancelled", async () => {
    const stop = new AbortController();
    const path = await parquet("cancel.parquet", "SELECT i FROM range(100) t(i)");
    stop.abort();
    await expect(
      openInBrowser(await blobOf(path), { source: { missing: [""] }, signal: stop.signal }),
    ).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe.skipIf(!existsSync(shared))("every table of real data", () => {
  const files = existsSync(shared) ? readdirSync(shared).filter((name) => name.endsWith(".csv")) : [];
  test.each(files)("%s", async (name) => {
    await same(join(shared, name));
  });
});

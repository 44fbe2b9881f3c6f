import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import {
  CompressionType,
  compressionRegistry,
  Int32,
  RecordBatchFileWriter,
  Table,
  tableFromArrays,
  tableToIPC,
  vectorFromArray,
} from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../dataset.ts";
import { type ColumnRequest, coded } from "../table.ts";
import { openDataset } from "./open-dataset.ts";

/** One table in every format; the same codes must come out of each. */
const rows = Array.from({ length: 5000 }, (_, index) => ({
  group: index % 11 === 0 ? null : (["b", "a", "Ünï", "01"][index % 4] ?? null),
  age: index % 13 === 0 ? null : (index * 7) % 90,
  score: index % 17 === 0 ? null : ((index * 37) % 1000) / 1000,
  hired: index % 3 === 0,
}));

const requests: readonly ColumnRequest[] = [
  { kind: "text", column: "group" },
  { kind: "text", column: "age" },
  { kind: "text", column: "score" },
  { kind: "text", column: "hired" },
  { kind: "number", column: "score" },
  { kind: "at-least", column: "score", bound: 0.5 },
  { kind: "equals", column: "hired", equals: ["true"] },
  { kind: "bands", column: "age", breaks: [18, 45] },
];

let folder = "";
let paths: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "formats-test-"));
  const at = (name: string): string => join(folder, name);
  const line = (separator: string): string =>
    [
      "group,age,score,hired".replaceAll(",", separator),
      ...rows.map((row) =>
        Object.values(row)
          .map((value) => value ?? "")
          .join(separator),
      ),
    ].join("\n");
  await writeFile(at("a.csv"), line(","));
  await writeFile(at("a.csv.gz"), gzipSync(line(",")));
  await writeFile(at("a.tsv"), line("\t"));
  await writeFile(at("a.tsv.gz"), gzipSync(line("\t")));
  const lines = rows.map((row) => JSON.stringify(row)).join("\n");
  await writeFile(at("a.jsonl"), lines);
  await writeFile(at("a.jsonl.gz"), gzipSync(lines));
  const table = new Table({
    group: vectorFromArray(rows.map((row) => row.group)),
    age: vectorFromArray(
      rows.map((row) => row.age),
      new Int32(),
    ),
    score: vectorFromArray(rows.map((row) => row.score)),
    hired: vectorFromArray(rows.map((row) => row.hired)),
  });
  await writeFile(at("a.arrow"), tableToIPC(table, "file"));
  await writeFile(at("stream.arrow"), tableToIPC(table, "stream"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * FROM read_json('${at("a.jsonl")}', format = 'newline_delimited', columns = {"group": 'VARCHAR', age: 'INTEGER', score: 'DOUBLE', hired: 'BOOLEAN'})) TO '${at("a.parquet")}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  // A name full of what SQL and file patterns treat specially.
  await rename(at("a.parquet"), at("it's [1]*.parquet"));
  paths = Object.fromEntries(
    [
      "a.csv",
      "a.csv.gz",
      "a.tsv",
      "a.tsv.gz",
      "a.jsonl",
      "a.jsonl.gz",
      "a.arrow",
      "stream.arrow",
      "it's [1]*.parquet",
    ].map((name) => [name, at(name)]),
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function using<T>(name: string, where: string | null, work: (dataset: Dataset) => Promise<T>): Promise<T> {
  const dataset = await openDataset(paths[name] ?? "", {
    source: { missing: ["", "0.037"], ...(where !== null && { where }) },
  });
  try {
    return await work(dataset);
  } finally {
    await dataset.close();
  }
}

const others = [
  "a.csv.gz",
  "a.tsv",
  "a.tsv.gz",
  "a.jsonl",
  "a.jsonl.gz",
  "a.arrow",
  "stream.arrow",
  "it's [1]*.parquet",
];

describe.each(others)("%s says what a.csv says:", (name) => {
  test.each([
    null,
    "age >= 20 and not score < 0.25",
    "group in ('a', '01') or hired = 'false'",
    "score is missing or age = 7",
  ])("codes, with the filter %s", async (where) => {
    const read = (file: string) =>
      using(file, where, async (dataset) => {
        const { table, data } = await dataset.load(requests);
        return {
          table,
          columns: data.columns.map(({ name: column, distinct, missing }) => ({ column, distinct, missing })),
        };
      });
    expect(await read(name)).toEqual(await read("a.csv"));
  });

  test("profile", async () => {
    const read = (file: string) =>
      using(file, null, async (dataset) => (await dataset.profile()).map(({ type: _, ...profile }) => profile));
    expect(await read(name)).toEqual(await read("a.csv"));
  });
});

test("every format says what it is", async () => {
  const formats = await Promise.all(others.map((name) => using(name, null, async (dataset) => dataset.format)));
  expect(formats).toEqual(["csv", "tsv", "tsv", "jsonl", "jsonl", "arrow", "arrow", "parquet"]);
});

describe("Parquet", () => {
  async function parquet(select: string): Promise<Dataset> {
    const path = join(
      folder,
      `p${Math.abs([...select].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) | 0, 7))}.parquet`,
    );
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    return openDataset(path, { source: { missing: ["", "NA"] } });
  }

  test("prints every type canonically", async () => {
    const dataset = await parquet(
      `SELECT * FROM (VALUES (1::BIGINT, 0.1::FLOAT, 1.50::DECIMAL(20,4), 7.0::DECIMAL(9,2), true, DATE '2020-01-02',
        TIMESTAMP '2020-01-02 03:04:05.5', TIMESTAMPTZ '2020-01-02 03:04:05+02', '01', 9007199254740993::BIGINT, 1.0::DOUBLE, -0.0::DOUBLE),
        (-2, NULL, -0.5, 0.05, false, NULL, NULL, NULL, 'NA', 5, 1e21, 0.0)) t(i, f, d, e, b, day, ts, tz, code, wide, x, z)`,
    );
    expect(Object.fromEntries(dataset.columns.map(({ name, type }) => [name, type]))).toEqual({
      i: "integer",
      f: "number",
      d: "number",
      e: "number",
      b: "boolean",
      day: "date",
      ts: "date",
      tz: "date",
      code: "text",
      wide: "integer",
      x: "number",
      z: "number",
    });
    const { table } = await dataset.load(dataset.columns.map(({ name }) => ({ kind: "text", column: name })));
    const values = dataset.columns.map(({ name }) => {
      const { codes, levels } = coded(table, { kind: "text", column: name });
      return [...codes].map((code) => (code === 0 ? null : levels[code - 1]));
    });
    expect(values).toEqual([
      ["1", "-2"],
      ["0.1", null],
      ["1.5", "-0.5"],
      ["7", "0.05"],
      ["true", "false"],
      ["2020-01-02", null],
      ["2020-01-02T03:04:05.5", null],
      ["2020-01-02T01:04:05Z", null],
      ["01", null],
      ["9007199254740993", "5"],
      ["1", "1e+21"],
      ["0", "0"],
    ]);
    await dataset.close();
  });

  test("refuses numbers that are infinite where numbers are needed", async () => {
    const dataset = await parquet("SELECT 'inf'::DOUBLE AS x UNION ALL SELECT 1");
    await expect(dataset.load([{ kind: "number", column: "x" }])).rejects.toThrow(
      '"x" is needed as numbers but holds "Infinity"',
    );
    await dataset.close();
  });

  test("codes more distinct texts than an ENUM is made for", async () => {
    const dataset = await parquet("SELECT 'id ' || i AS id FROM range(70000) t(i)");
    const { table } = await dataset.load([{ kind: "text", column: "id" }]);
    const { codes, levels } = coded(table, { kind: "text", column: "id" });
    expect(codes).toBeInstanceOf(Uint32Array);
    expect(levels).toHaveLength(70_000);
    expect(levels[(codes[4321] ?? 0) - 1]).toBe("id 4321");
    await dataset.close();
  });

  test("a truncated file is refused with its name and cure", async () => {
    const whole = await readFile(paths["it's [1]*.parquet"] ?? "");
    const path = join(folder, "cut.parquet");
    await writeFile(path, whole.subarray(0, whole.length - 100));
    await expect(openDataset(path, { source: { missing: [""] } })).rejects.toMatchObject({
      code: "data-invalid",
      message: "cut.parquet: the Parquet file is cut short (its end mark is missing); copy or write it again",
    });
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 4, whole.length - 8);
    await writeFile(path, damaged);
    await expect(openDataset(path, { source: { missing: [""] } })).rejects.toMatchObject({ code: "data-invalid" });
  });

  test("stops when it is told to", async () => {
    const controller = new AbortController();
    const path = paths["it's [1]*.parquet"] ?? "";
    const dataset = await openDataset(path, { source: { missing: [""] }, signal: controller.signal });
    controller.abort();
    await expect(dataset.profile()).rejects.toMatchObject({ code: "cancelled" });
    await dataset.close();
  });
});

describe("compressed Arrow", () => {
  /** The library writes with the codec it is given; both formats allow a block to be stored as it is. */
  async function compressed(
    name: string,
    type: CompressionType,
    encode: (data: Uint8Array) => Uint8Array,
  ): Promise<string> {
    compressionRegistry.set(type, { encode });
    const writer = new RecordBatchFileWriter({ compressionType: type });
    writer.writeAll(tableFromArrays({ a: Int32Array.from([3, 1, 2]), b: ["x", "y", null] }));
    writer.finish();
    const path = join(folder, name);
    await writeFile(path, await writer.toUint8Array());
    return path;
  }
  const little = (value: number, bytes: number): number[] =>
    Array.from({ length: bytes }, (_, at) => (value >> (8 * at)) & 255);

  test("with LZ4 is read", async () => {
    const path = await compressed("lz4.arrow", CompressionType.LZ4_FRAME, (data) =>
      Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, ...little(data.length, 3), 0x80, ...data, 0, 0, 0, 0),
    );
    const dataset = await openDataset(path, { source: { missing: [""] } });
    const { table } = await dataset.load([
      { kind: "text", column: "a" },
      { kind: "text", column: "b" },
    ]);
    expect([...coded(table, { kind: "text", column: "a" }).codes]).toEqual([3, 1, 2]);
    expect([...coded(table, { kind: "text", column: "b" }).codes]).toEqual([1, 2, 0]);
  });

  test("with ZSTD is refused with the way out", async () => {
    const path = await compressed("zstd.arrow", CompressionType.ZSTD, (data) =>
      Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, data.length, ...little(data.length * 8 + 1, 3), ...data),
    );
    await expect(openDataset(path, { source: { missing: [""] } })).rejects.toMatchObject({
      code: "not-supported",
      message: expect.stringContaining("zstd.arrow: Arrow compressed with ZSTD is not read; write it with LZ4"),
    });
  });
});

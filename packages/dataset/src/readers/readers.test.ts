import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { formats } from "../dataset.ts";
import { readers } from "./index.ts";

test("every format has one reader, with a folder of its name, and the list is in order", () => {
  const names = readers.map(({ format }) => format);
  expect(names).toEqual([...formats].sort());
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "text")
    .map((entry) => entry.name);
  expect(folders.sort()).toEqual(names);
});

test("no ending belongs to two readers", () => {
  const endings = readers.flatMap((reader) => reader.endings);
  expect(new Set(endings).size).toBe(endings.length);
  for (const reader of readers) expect([...reader.endings].sort()).toEqual(reader.endings);
});

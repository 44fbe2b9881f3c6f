import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Column } from "@assay/models";
import type { Rows } from "../rows.ts";
import type { Features } from "./features.ts";

const shared = fileURLToPath(new URL("../../../../../../../shared/", import.meta.url));

/** Where the reference values lie, and whether they are there. */
export const mitigationReference = `${shared}reference/b7_mitigation.json`;
export const hasReference = existsSync(mitigationReference) && existsSync(`${shared}data/adult.data`);

const names =
  "age workclass fnlwgt education education-num marital-status occupation relationship race sex capital-gain capital-loss hours-per-week native-country".split(
    " ",
  );
const numeric = new Set(["age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week"]);

/** Adult, 32,561 rows to learn from and 16,281 held out, by sex: its 14 columns as they stand in the files. */
export function adult(): { readonly rows: Rows; readonly features: Features } {
  const read = (file: string): string[][] =>
    readFileSync(`${shared}data/${file}`, "utf8")
      .split("\n")
      .map((line) => line.split(",").map((text) => text.trim()))
      .filter((cells) => cells.length === 15);
  const train = read("adult.data");
  const all = [...train, ...read("adult.test")];
  const sexes = ["Female", "Male"];
  const columns = names.map((name, index): Column => {
    const texts = all.map((cells) => cells[index] ?? "");
    if (numeric.has(name)) return Float64Array.from(texts, Number);
    const levels = [...new Set(texts)].sort();
    const place = new Map(levels.map((level, code) => [level, code]));
    return { levels, codes: Uint32Array.from(texts, (text) => place.get(text) ?? 0) };
  });
  const rows: Rows = {
    table: { rows: all.length, columns: {}, counts: null },
    groups: sexes.map((sex) => ({ values: [sex], known: true })),
    group: Int32Array.from(all, (cells) => sexes.indexOf(cells[9] ?? "")),
    label: Uint8Array.from(all, (cells) => (cells[14]?.startsWith(">50K") ? 2 : 1)),
    decision: null,
    train: Float64Array.from(all, (_, row) => (row < train.length ? 1 : 0)),
    test: Float64Array.from(all, (_, row) => (row < train.length ? 0 : 1)),
    weights: null,
    leftOut: { label: 0, score: 0, decision: 0, weight: 0, split: 0 },
  };
  return { rows, features: { names, columns } };
}

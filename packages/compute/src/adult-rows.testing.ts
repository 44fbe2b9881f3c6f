import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const shared = fileURLToPath(new URL("../../../../shared/", import.meta.url));
const encoding = `${shared}reference/models/adult_encoding.json`;

/** Why a test that needs Adult's rows is skipped, or null. */
export const missingAdult =
  existsSync(encoding) && existsSync(`${shared}data/adult.data`) ? null : "no ../shared/data/adult.data";

/** The 14 columns that the reference models read, categories by their number in `adult_encoding.json`. */
export function adultColumns(file: "adult.data" | "adult.test"): Float32Array[] {
  const { columns, categories } = JSON.parse(readFileSync(encoding, "utf8")) as {
    columns: string[];
    categories: Record<string, string[]>;
  };
  const rows = readFileSync(`${shared}data/${file}`, "utf8")
    .split("\n")
    .map((line) => line.split(",").map((cell) => cell.trim()))
    .filter((cells) => cells.length === columns.length + 1);
  return columns.map((name, index) => {
    const list = categories[name];
    return Float32Array.from(rows, (cells) => {
      const cell = cells[index] ?? "";
      return list ? list.indexOf(cell) : Number(cell);
    });
  });
}

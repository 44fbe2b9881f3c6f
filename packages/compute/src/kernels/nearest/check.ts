import { AssayError } from "@assay/schema";
import type { Device } from "../../device.ts";
import type { NearestInput } from "./index.ts";

export const mostNeighbours = 128;

export function checkNearest(device: Device, input: NearestInput): void {
  const { queries, references, k, excludeSelf, scales, rowsAtOnce = 1 } = input;
  for (const [name, table] of [
    ["queries", queries],
    ["references", references],
  ] as const) {
    if (table.device !== device) {
      throw new AssayError("internal", `nearest: ${name} are on ${table.device.name}, not on the device given`);
    }
  }
  const { columns } = references;
  if (queries.columns !== columns || columns === 0) {
    throw new AssayError(
      "data-invalid",
      `nearest: queries have ${queries.columns} columns, references ${columns}; both need the same, and at least one`,
    );
  }
  if (!Number.isInteger(k) || k < 1 || k > mostNeighbours) {
    throw new AssayError("usage", `nearest: k must be an integer from 1 to ${mostNeighbours}, got ${k}`);
  }
  if (!Number.isInteger(rowsAtOnce) || rowsAtOnce < 1) {
    throw new AssayError("usage", `nearest: rowsAtOnce must be an integer from 1, got ${rowsAtOnce}`);
  }
  const others = references.rows - (excludeSelf ? 1 : 0);
  if (others < k && queries.rows > 0) {
    throw new AssayError(
      "data-invalid",
      `nearest: ${k} neighbours are asked for, there are ${Math.max(others, 0)}${excludeSelf ? " other" : ""} references`,
    );
  }
  if (scales && scales.length !== columns) {
    throw new AssayError("internal", `nearest: ${scales.length} scales for ${columns} columns`);
  }
  const odd = scales?.findIndex((scale) => !Number.isFinite(scale)) ?? -1;
  if (odd !== -1)
    throw new AssayError("data-invalid", `nearest: scales[${odd}] is ${scales?.[odd]}; scales are finite`);
}

/** Refuses a table by what packing found: u32[rows], 0, or 1 or 2 (missing) + 2 × column. */
export function checkValues(name: "queries" | "references", odd: Uint32Array): void {
  const row = odd.findIndex((word) => word !== 0);
  if (row === -1) return;
  const word = odd[row] ?? 0;
  throw new AssayError(
    "data-invalid",
    `nearest: ${name}, row ${row}, column ${(word - 1) >> 1} is ${word % 2 === 0 ? "missing" : "infinite"}; fill it or leave such rows out`,
  );
}

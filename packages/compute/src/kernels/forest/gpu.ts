import type { GpuEntry } from "../../gpu-entry.ts";

/**
 * table, indexes, columns and order, model, start, out; rows of the table, rows until the table begins again, indexes of a
 * slot, first position, position of out's first, order from and end, rows until start begins again, fresh.
 */
const parameters = [
  ...["read", "read", "read", "read", "read", "write"],
  ...["u32", "u32", "u32", "u32", "u32", "u32", "u32", "u32", "u32"],
] as const satisfies GpuEntry["parameters"];

/** Columns that forestStaged has room for. */
export const stagedColumns = 32;

export const forestEntries = [
  { name: "forestDirect", parameters, group: 64 },
  { name: "forestStaged", parameters, group: 64 },
] as const satisfies readonly GpuEntry[];

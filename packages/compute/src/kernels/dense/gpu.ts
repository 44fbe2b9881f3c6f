import type { GpuEntry } from "../../gpu-entry.ts";

export const denseEntries = [
  {
    name: "denseLayer",
    // x, parameters, y; row groups, inputs, pairs of panels, weights, bias, activation.
    parameters: ["read", "read", "write", "u32", "u32", "u32", "u32", "u32", "u32"],
    group: 256,
  },
  {
    name: "denseRead",
    // table, view, slots, x, odd; rows of the table, first row, last row, rows here, inputs.
    parameters: ["read", "read", "read", "write", "write", "u32", "u32", "u32", "u32", "u32"],
    group: 64,
  },
  {
    name: "denseUpdate",
    // table, view, columns and slots, parameters, sums, y; rows of the table, first row, last row, rows here, changed
    // columns, inputs, weights, activation.
    parameters: [
      "read",
      "read",
      "read",
      "read",
      "read",
      "write",
      "u32",
      "u32",
      "u32",
      "u32",
      "u32",
      "u32",
      "u32",
      "u32",
    ],
    group: 64,
  },
  {
    name: "denseWrite",
    // y, odd, out; rows here, outputs, softmax.
    parameters: ["read", "read", "write", "u32", "u32", "u32"],
    group: 64,
  },
] as const satisfies readonly GpuEntry[];

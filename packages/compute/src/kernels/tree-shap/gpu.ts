import type { GpuEntry } from "../../gpu-entry.ts";

export const treeShapEntries = [
  { name: "treeShapAddRows", parameters: ["read", "read", "read", "write", "u32", "u32"], group: 256 },
  { name: "treeShapCountRows", parameters: ["read", "read", "read", "write", "u32", "u32", "u32", "u32"], group: 256 },
  { name: "treeShapRankRows", parameters: ["read", "read", "read", "write", "u32", "u32", "u32"], group: 256 },
] as const satisfies readonly GpuEntry[];

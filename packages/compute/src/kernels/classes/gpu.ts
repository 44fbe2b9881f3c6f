import type { GpuEntry } from "../../gpu-entry.ts";

export const classesEntries = [
  { name: "classesCount", parameters: ["read", "read", "u32", "write", "write"], group: 256 },
  { name: "classesFirst", parameters: ["read", "read", "write"], group: 256 },
  { name: "classesInsert", parameters: ["read", "u32", "u32", "write", "u32", "u32", "write", "write"], group: 256 },
  { name: "classesKeep", parameters: ["read", "u32", "read", "u32", "write", "u32"], group: 256 },
  { name: "classesName", parameters: ["read", "read", "write", "write"], group: 256 },
] as const satisfies readonly GpuEntry[];

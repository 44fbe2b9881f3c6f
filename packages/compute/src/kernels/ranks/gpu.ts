import type { GpuEntry } from "../../gpu-entry.ts";

export const ranksEntries = [
  { name: "ranksCodes", parameters: ["read", "u32", "read", "write", "write"], group: 256 },
  { name: "ranksCollect", parameters: ["read", "write"], group: 256 },
  { name: "ranksDigits", parameters: ["read", "u32", "u32", "write"], group: 64 },
  { name: "ranksKeep", parameters: ["read", "read", "u32", "read", "u32", "write"], group: 256 },
  { name: "ranksKeys", parameters: ["read", "read", "read", "write"], group: 256 },
  { name: "ranksMove", parameters: ["read", "read", "read", "u32", "u32", "write", "write"], group: 64 },
  { name: "ranksNew", parameters: ["read", "read", "u32", "read", "u32", "read", "write"], group: 256 },
  { name: "ranksRows", parameters: ["read", "u32", "read", "read", "u32", "u32", "u32", "write"], group: 256 },
  { name: "ranksValid", parameters: ["read", "u32", "u32", "write"], group: 256 },
  { name: "ranksWords", parameters: ["read", "u32", "read", "write", "write"], group: 256 },
] as const satisfies readonly GpuEntry[];

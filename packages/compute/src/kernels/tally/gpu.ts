import type { GpuEntry } from "../../gpu-entry.ts";

export const tallyEntries = [
  { name: "tallyCells", parameters: ["read", "u32", "u32", "u32", "u32", "write", "u32", "write"], group: 256 },
  { name: "tallyCountFew", parameters: ["read", "write", "u32", "u32"], group: 256 },
  { name: "tallyCountMany", parameters: ["read", "write", "u32", "u32"], group: 256 },
] as const satisfies readonly GpuEntry[];

import type { GpuEntry } from "../../gpu-entry.ts";

export const permuteEntries = [
  { name: "shuffleIndexes", parameters: ["read", "write", "u32", "u32", "u32", "u32", "u32"], group: 256 },
] as const satisfies readonly GpuEntry[];

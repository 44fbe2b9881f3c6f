import type { GpuEntry } from "../../gpu-entry.ts";

export const scanEntries = [
  { name: "scanSpread", parameters: ["read", "write", "u32", "write"], group: 64 },
  { name: "scanSum", parameters: ["read", "u32", "write"], group: 64 },
] as const satisfies readonly GpuEntry[];

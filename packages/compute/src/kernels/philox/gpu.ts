import type { GpuEntry } from "../../gpu-entry.ts";

export const philoxEntries = [
  { name: "philoxWords", parameters: ["write", "u32", "u32", "u32", "u32", "u32", "u32"], group: 64 },
] as const satisfies readonly GpuEntry[];

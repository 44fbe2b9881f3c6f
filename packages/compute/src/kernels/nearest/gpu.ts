import type { GpuEntry } from "../../gpu-entry.ts";

export const nearestEntries = [
  {
    name: "nearestBlocks",
    // table, packed, odd; rows, columns.
    parameters: ["read", "write", "write", "u32", "u32"],
    group: 64,
  },
  {
    name: "nearestMerge",
    // distances, indexes, merged distances, merged indexes; segments, k.
    parameters: ["read", "read", "write", "write", "u32", "u32"],
    group: 64,
  },
  {
    name: "nearestSegment",
    // queries, references, scales, distances, indexes; first query, queries here, references, blocks in a segment, columns,
    // scaled, k, exclude, nothing.
    parameters: [
      ...(["read", "read", "read", "write", "write"] as const),
      ...(["u32", "u32", "u32", "u32", "u32", "u32", "u32", "u32", "u32"] as const),
    ],
    group: 64,
  },
] as const satisfies readonly GpuEntry[];

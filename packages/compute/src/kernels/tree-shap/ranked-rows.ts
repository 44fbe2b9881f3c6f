import type { DeviceBuffer } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import type { Ranks } from "./ranks.ts";

/** What ranks are made from, on a device. */
export interface Ranker {
  readonly ranks: Ranks;
  readonly columns: DeviceBuffer;
  readonly thresholds: DeviceBuffer;
}

export function loadRanker(ranks: Ranks, take: (data: ArrayBufferView) => DeviceBuffer): Ranker {
  return { ranks, columns: take(columnRecords(ranks)), thresholds: take(ranks.thresholds) };
}

/** For each ranked column u32[6]: its column in a table, its first threshold, its end, doubled, width, bytes before. */
export function columnRecords(ranks: Ranks): Uint32Array {
  const records = new Uint32Array(ranks.columns.length * 6);
  for (const [index, column] of ranks.columns.entries()) {
    const thresholds = [ranks.begin[index] ?? 0, ranks.begin[index + 1] ?? 0];
    const shape = [ranks.doubled[index] ?? 0, ranks.width[index] ?? 1, ranks.offset[index] ?? 0];
    records.set([column, ...thresholds, ...shape], index * 6);
  }
  return records;
}

/** Rows that ranks are kept for: as many as fill whole vectors of the entries. */
export function strideOf(rows: number): number {
  return Math.ceil(rows / 64) * 64;
}

/** Writes the ranks of some rows of a table into a buffer of `rowBytes` × `strideOf(rows)` bytes. */
export function rankRows(
  ranker: Ranker,
  table: DeviceTable,
  first: number,
  rows: number,
  into: DeviceBuffer,
): Promise<void> {
  const { ranks, columns, thresholds } = ranker;
  const args = [table.buffer, table.rows, first, rows, strideOf(rows), columns, thresholds, into];
  return table.device.dispatch("treeShapRank", args, ranks.columns.length);
}

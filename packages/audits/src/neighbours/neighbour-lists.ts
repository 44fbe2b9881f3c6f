import { type Device, nearest, uploadTable } from "@assay/compute";
import type { DistinctRows } from "./distinct-rows.ts";

/** Points looked at beyond those that may be needed, so that equally near ones are seen together. */
const slack = 27;
/** What a list can hold at most. */
const longest = 128;

/** For each point asked about, other points from the nearest on. */
export interface NeighbourLists {
  /** Points of each list. */
  readonly length: number;
  /** u32[asked × length] and float32[asked × length]: other points, and their squared distances. */
  readonly points: Uint32Array;
  readonly distances: Float32Array;
}

/** The other points nearest to some points, equally near ones in the points' own order. Exact, by comparing all. */
export async function neighbourLists(
  device: Device,
  { columns, size }: DistinctRows,
  asked: Uint32Array,
  k: number,
): Promise<NeighbourLists> {
  const length = Math.min(size - 1, longest - 1, k + slack);
  if (length < 1 || asked.length === 0) {
    return { length: 0, points: new Uint32Array(0), distances: new Float32Array(0) };
  }
  const references = uploadTable(device, columns);
  try {
    if (asked.length === size) {
      const { indexes, distances } = await nearest(device, {
        queries: references,
        references,
        k: length,
        excludeSelf: true,
      });
      return { length, points: indexes, distances };
    }
    const queries = uploadTable(
      device,
      columns.map((column) => Float32Array.from(asked, (point) => column[point] ?? 0)),
    );
    try {
      const found = await nearest(device, { queries, references, k: length + 1 });
      return withoutSelf(found, asked, length);
    } finally {
      queries.free();
    }
  } finally {
    references.free();
  }
}

/** A point is its own nearest one. */
function withoutSelf(
  found: { readonly indexes: Uint32Array; readonly distances: Float32Array },
  asked: Uint32Array,
  length: number,
): NeighbourLists {
  const points = new Uint32Array(asked.length * length);
  const distances = new Float32Array(asked.length * length);
  for (const [place, self] of asked.entries()) {
    let to = place * length;
    const end = to + length;
    for (let from = place * (length + 1); from < (place + 1) * (length + 1) && to < end; from++) {
      if (found.indexes[from] === self) continue;
      points[to] = found.indexes[from] ?? 0;
      distances[to] = found.distances[from] ?? 0;
      to++;
    }
  }
  return { length, points, distances };
}

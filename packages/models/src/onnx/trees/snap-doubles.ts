import { floorFloat32, previousFloat32 } from "@assay/compute";
import { numbersOf } from "../../columns.ts";
import type { GraphNode } from "../graph.ts";
import { type Batch, type Builder, NotCompiled } from "../operand.ts";
import type { Cut } from "./to-forest.ts";

interface ColumnCuts {
  /** Sorted: where the column is cut, in float64. */
  readonly at: Float64Array;
  /** 1: just above `at`, so that `at` itself lies below the cut. */
  readonly above: Uint8Array;
  /** The largest float32 below each cut; all different. */
  readonly floor: Float32Array;
}

/**
 * Trees over doubles, on kernels that compare float32: each double becomes a float32 that lies between the same cuts, so
 * that every branch decides as it would over doubles. A float32 stays itself.
 * @throws NotCompiled where two cuts of a column lie within one step of float32, with room for a double between them
 */
export function snapDoubles(node: GraphNode, input: Batch, cuts: readonly Cut[], build: Builder): Batch {
  const ofColumn = input.columns.map((_, column) => sorted(node, column, cuts));
  const result = build.batch("float", input.dims);
  build.push({
    kind: "host",
    inputs: input.columns,
    outputs: result.columns,
    dependsOn: (output) => [output],
    run: (columns) =>
      columns.map((column, index) => {
        const own = ofColumn[index];
        return Float32Array.from(numbersOf(column), (value) => (own ? snap(value, own) : value));
      }),
  });
  return result;
}

function sorted(node: GraphNode, column: number, cuts: readonly Cut[]): ColumnCuts {
  const own = cuts.filter((cut) => cut.column === column);
  own.sort((a, b) => a.at - b.at || Number(a.above) - Number(b.above));
  const unique = own.filter((cut, index) => {
    const before = own[index - 1];
    return !before || before.at !== cut.at || before.above !== cut.above;
  });
  const floor = Float32Array.from(unique, floorOf);
  const twice = floor.findIndex((value, index) => index > 0 && value === floor[index - 1]);
  if (twice !== -1) {
    throw new NotCompiled(
      `${node.place} cuts column ${column} twice within one step of float32, at ${unique[twice]?.at}`,
    );
  }
  return {
    at: Float64Array.from(unique, (cut) => cut.at),
    above: Uint8Array.from(unique, (cut) => Number(cut.above)),
    floor,
  };
}

function floorOf(cut: Cut): number {
  const floor = floorFloat32(cut.at);
  return !cut.above && floor === cut.at ? previousFloat32(floor) : floor;
}

function snap(value: number, cuts: ColumnCuts): number {
  const floor = floorFloat32(value);
  if (floor === value || Number.isNaN(value)) return value;
  // How many cuts lie below the value.
  let low = 0;
  let high = cuts.at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = cuts.at[middle] ?? 0;
    if (value > at || (value === at && cuts.above[middle] === 0)) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return floor;
  const below = cuts.floor[low - 1] ?? 0;
  return floor > below ? floor : nextFloat32(below);
}

function nextFloat32(value: number): number {
  return -previousFloat32(-value);
}

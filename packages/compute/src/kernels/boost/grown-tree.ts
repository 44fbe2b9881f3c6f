/** A tree over binned columns. Node 0 is the root; children come after their parent. */
export interface GrownTree {
  /** i32[nodes]: the column that an inner node asks for, −1 for a leaf. */
  readonly feature: Int32Array;
  /** u32[nodes]: rows whose bin is at most this go left. */
  readonly bin: Uint32Array;
  /** u8[nodes]: 1 where missing values go left. */
  readonly missingLeft: Uint8Array;
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  /** float64[nodes]: what an inner node's split gained. */
  readonly gain: Float64Array;
  /** float64[nodes]: what a leaf adds to a row's score; a float32. */
  readonly value: Float64Array;
  /** float64[nodes]: the weight of the rows grown on that came to the node. */
  readonly cover: Float64Array;
}

export const nodeBytes = 96;

/** Reads the kernel's nodes: see cpu.as.ts. */
export function readNodes(bytes: Uint8Array, count: number): GrownTree {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const nodes = Array.from({ length: count }, (_, index) => index * nodeBytes);
  const inner = nodes.map((at) => view.getUint32(at + 12, true) !== 0);
  const where = (place: number, otherwise: number) =>
    nodes.map((at, index) => (inner[index] ? view.getUint32(at + place, true) : otherwise));
  return {
    feature: Int32Array.from(where(0, -1)),
    bin: Uint32Array.from(where(4, 0)),
    missingLeft: Uint8Array.from(where(8, 0)),
    left: Uint32Array.from(where(12, 0)),
    right: Uint32Array.from(where(16, 0)),
    gain: Float64Array.from(nodes, (at, index) => (inner[index] ? view.getFloat64(at + 48, true) : 0)),
    value: Float64Array.from(nodes, (at, index) => (inner[index] ? 0 : view.getFloat64(at + 80, true))),
    cover: Float64Array.from(nodes, (at) => view.getFloat64(at + 88, true)),
  };
}

import { byEquality, type Forest, floorFloat32, missingLeft, previousFloat32 } from "@assay/compute";
import type { ModelPart } from "../../model-error.ts";
import { NotCompiled } from "../operand.ts";
import { type Mode, modes, type TreeTable } from "./tree-table.ts";

const leaf = modes.indexOf("leaf");

/** Where a comparison cuts the numbers of a column: between those it holds for and the others. */
export interface Cut {
  readonly column: number;
  /** The cut lies just above `at`, or just below it. */
  readonly at: number;
  readonly above: boolean;
}

/**
 * Trees as the kernels take them. Every branch becomes "left where x ≤ t" or "left where x = t" over float32, exactly: see
 * `floorFloat32`. A node reached on two ways, and a set of values, are written out. The table is a checked one: no circles,
 * no NaN thresholds.
 *
 * `scale` multiplies the leaves; `cuts` collects where columns are cut, for inputs of higher precision than float32.
 * @throws AssayError model-invalid for a column that is not there, naming tree and node; NotCompiled for equality with a number that no float32 is, or
 *   sets that would write out too many nodes
 */
export function toForest(
  node: ModelPart,
  table: TreeTable,
  { inputs, base, scale, cuts }: { inputs: number; base: Float64Array; scale: number; cuts: Cut[] | null },
): Forest {
  // Writing out may double at every level: what grows far beyond the file is not for us.
  const most = table.mode.length * 64 + 100_000;
  const made = new NodeLists(table.mode.length, table.voteTarget.length);
  const roots: number[] = [];
  // Nodes still to make, of a set the value to ask for; `link` tells the parent where the node is.
  const stack: { readonly source: number; readonly from: number; readonly link: (place: number) => void }[] = [];
  for (const root of table.roots) {
    stack.push({ source: root, from: 0, link: (place) => roots.push(place) });
    for (let task = stack.pop(); task; task = stack.pop()) {
      const { source, from, link } = task;
      if (made.length >= most)
        throw new NotCompiled(`${node.place} shares subtrees or asks for sets, too many to write out`);
      if (table.mode[source] === leaf) {
        link(made.leaf(table, source, scale));
        continue;
      }
      const branch = branchOf(node, table, source, from, inputs, cuts);
      const place = made.inner(branch, table.cover?.[source] ?? 0);
      link(place);
      const yes = table.yes[source] ?? 0;
      const no = table.no[source] ?? 0;
      const values = table.members.get(source);
      const more = values !== undefined && from + 1 < values.length;
      const linkYes = (child: number) => made.child(place, branch.swap ? "right" : "left", child);
      const linkNo = (child: number) => made.child(place, branch.swap ? "left" : "right", child);
      stack.push(more ? { source, from: from + 1, link: linkNo } : { source: no, from: 0, link: linkNo });
      stack.push({ source: yes, from: 0, link: linkYes });
    }
  }
  return made.forest({
    inputs,
    outputs: table.targets,
    base,
    roots: Uint32Array.from(roots),
    covered: coversAdd(table),
  });
}

interface Branch {
  readonly column: number;
  readonly threshold: number;
  readonly rule: number;
  /** The false branch is the left one. */
  readonly swap: boolean;
}

function branchOf(
  node: ModelPart,
  table: TreeTable,
  source: number,
  from: number,
  inputs: number,
  cuts: Cut[] | null,
): Branch {
  const column = table.feature[source] ?? -1;
  if (!(column >= 0 && column < inputs)) {
    throw node.fault(`${table.name(source)} asks for column ${column}, the input has ${inputs}`);
  }
  const mode: Mode = modes[table.mode[source] ?? leaf] ?? "leaf";
  const threshold = mode === "member" ? (table.members.get(source)?.[from] ?? 0) : (table.threshold[source] ?? 0);
  const missingYes = table.missingTrue[source] === 1;
  const swap = mode === "gte" || mode === "gt" || mode === "neq";
  // NaN ≠ t holds, whatever the file says of missing values.
  const toLeft = mode === "neq" ? false : swap ? !missingYes : missingYes;
  const rule = toLeft ? missingLeft : 0;
  if (mode === "leq" || mode === "gt") {
    cuts?.push({ column, at: threshold, above: true });
    return { column, threshold: floorFloat32(threshold), rule, swap };
  }
  if (mode === "lt" || mode === "gte") {
    cuts?.push({ column, at: threshold, above: false });
    return { column, threshold: below(threshold), rule, swap };
  }
  if (Math.fround(threshold) !== threshold) {
    throw new NotCompiled(
      `${node.place}: ${table.name(source)} asks for equality with ${threshold}, which no float32 is`,
    );
  }
  cuts?.push({ column, at: threshold, above: false }, { column, at: threshold, above: true });
  return { column, threshold, rule: rule | byEquality, swap };
}

/** The largest float32 below a number. */
function below(value: number): number {
  const floor = floorFloat32(value);
  return floor === value ? previousFloat32(floor) : floor;
}

/** Whether the file's hit rates are covers: each node's the sum of its children's. Converters that do not know write 1. */
function coversAdd(table: TreeTable): boolean {
  const { cover } = table;
  if (!cover || table.members.size > 0) return false;
  for (let node = 0; node < cover.length; node++) {
    const own = cover[node] ?? 0;
    if (!(own >= 0 && own < Number.POSITIVE_INFINITY)) return false;
    if (table.mode[node] === leaf) continue;
    const below = (cover[table.yes[node] ?? 0] ?? 0) + (cover[table.no[node] ?? 0] ?? 0);
    if (!(own > 0 && Math.abs(own - below) <= 1e-4 * own)) return false;
  }
  return true;
}

/** Nodes in typed arrays that double when full: a million trees cost what they hold. */
class NodeLists {
  #nodes = 0;
  #votes = 0;
  #column: Int32Array<ArrayBuffer>;
  #threshold: Float32Array<ArrayBuffer>;
  #rule: Uint8Array<ArrayBuffer>;
  #left: Uint32Array<ArrayBuffer>;
  #right: Uint32Array<ArrayBuffer>;
  #cover: Float64Array<ArrayBuffer>;
  #leafOutput: Uint32Array<ArrayBuffer>;
  #leafValue: Float64Array<ArrayBuffer>;

  constructor(nodes: number, votes: number) {
    this.#column = new Int32Array(nodes);
    this.#threshold = new Float32Array(nodes);
    this.#rule = new Uint8Array(nodes);
    this.#left = new Uint32Array(nodes);
    this.#right = new Uint32Array(nodes);
    this.#cover = new Float64Array(nodes);
    this.#leafOutput = new Uint32Array(votes);
    this.#leafValue = new Float64Array(votes);
  }

  get length(): number {
    return this.#nodes;
  }

  inner(branch: Branch, cover: number): number {
    return this.#push(branch.column, branch.threshold, branch.rule, 0, 0, cover);
  }

  leaf(table: TreeTable, source: number, scale: number): number {
    const first = this.#votes;
    const end = table.voteStart[source + 1] ?? 0;
    for (let vote = table.voteStart[source] ?? 0; vote < end; vote++) {
      if (this.#votes === this.#leafOutput.length) {
        this.#leafOutput = grown(this.#leafOutput, Uint32Array);
        this.#leafValue = grown(this.#leafValue, Float64Array);
      }
      this.#leafOutput[this.#votes] = table.voteTarget[vote] ?? 0;
      this.#leafValue[this.#votes++] = (table.voteWeight[vote] ?? 0) * scale;
    }
    return this.#push(-1, 0, 0, first, this.#votes, table.cover?.[source] ?? 0);
  }

  child(parent: number, side: "left" | "right", child: number): void {
    (side === "left" ? this.#left : this.#right)[parent] = child;
  }

  forest(whole: Pick<Forest, "base" | "inputs" | "outputs" | "roots"> & { readonly covered: boolean }): Forest {
    const { covered, ...rest } = whole;
    const nodes = this.#nodes;
    return {
      ...rest,
      column: this.#column.slice(0, nodes),
      threshold: this.#threshold.slice(0, nodes),
      rule: this.#rule.slice(0, nodes),
      left: this.#left.slice(0, nodes),
      right: this.#right.slice(0, nodes),
      leafOutput: this.#leafOutput.slice(0, this.#votes),
      leafValue: this.#leafValue.slice(0, this.#votes),
      cover: covered ? this.#cover.slice(0, nodes) : null,
    };
  }

  #push(column: number, threshold: number, rule: number, left: number, right: number, cover: number): number {
    if (this.#nodes === this.#column.length) {
      this.#column = grown(this.#column, Int32Array);
      this.#threshold = grown(this.#threshold, Float32Array);
      this.#rule = grown(this.#rule, Uint8Array);
      this.#left = grown(this.#left, Uint32Array);
      this.#right = grown(this.#right, Uint32Array);
      this.#cover = grown(this.#cover, Float64Array);
    }
    const node = this.#nodes++;
    this.#column[node] = column;
    this.#threshold[node] = threshold;
    this.#rule[node] = rule;
    this.#left[node] = left;
    this.#right[node] = right;
    this.#cover[node] = cover;
    return node;
  }
}

function grown<T extends { set(from: T): void; readonly length: number }>(from: T, Kind: new (length: number) => T): T {
  const larger = new Kind(from.length * 2 + 16);
  larger.set(from);
  return larger;
}

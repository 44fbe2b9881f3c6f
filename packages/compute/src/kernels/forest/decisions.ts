import { byEquality, type Forest, missingLeft } from "../../forest.ts";
import type { CheckedForest } from "./check.ts";
import { keyBelow, keyUpTo, missingKey } from "./key.ts";

/** A column as the decisions see it: as it is, or with its sign turned. */
export interface AskedColumn {
  readonly source: number;
  readonly turned: boolean;
}

/**
 * A forest in which every decision is of one kind: a row goes to `high` where its key in a column exceeds the threshold,
 * else to `low`. NaN's key exceeds every threshold, so what sends missing values left asks the column with its sign
 * turned; equality is two decisions, or three. Nodes may be shared: they are a graph without cycles.
 */
export interface Decisions {
  readonly columns: readonly AskedColumn[];
  /** int32[nodes]: index of `columns`, or −1 for a leaf. */
  readonly column: Int32Array;
  readonly threshold: Int32Array;
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

/** Nodes keep their numbers; those that equality needs beside them come after. Nodes not reached mean nothing. */
export function decisionsOf(forest: Forest, { reached }: CheckedForest): Decisions {
  const nodes = forest.column.length;
  const { columns, plain, turned } = askedColumns(forest, reached);
  let more = 0;
  for (const node of reached) more += extraNodes(forest, node);
  const column = new Int32Array(nodes + more).fill(-1);
  const threshold = new Int32Array(nodes + more);
  const low = new Uint32Array(nodes + more);
  const high = new Uint32Array(nodes + more);
  const decide = (node: number, index: number, key: number, below: number, above: number) => {
    column[node] = index;
    threshold[node] = key;
    low[node] = below;
    high[node] = above;
  };
  let next = nodes;
  for (const node of reached) {
    const asked = forest.column[node] ?? -1;
    if (asked < 0) continue;
    const rule = forest.rule[node] ?? 0;
    const at = forest.threshold[node] ?? 0;
    const [left, right] = [forest.left[node] ?? 0, forest.right[node] ?? 0];
    const index = plain[asked] ?? 0;
    if ((rule & byEquality) === 0) {
      if ((rule & missingLeft) === 0) decide(node, index, keyUpTo(at), left, right);
      // x ≤ t or missing is −x ≥ −t or missing.
      else decide(node, turned[asked] ?? 0, keyBelow(-at), right, left);
      continue;
    }
    const equal = next++;
    decide(equal, index, keyBelow(at), right, left);
    if ((rule & missingLeft) === 0) {
      decide(node, index, keyUpTo(at), equal, right);
    } else {
      const missing = next++;
      decide(missing, index, missingKey - 1, right, left);
      decide(node, index, keyUpTo(at), equal, missing);
    }
  }
  return { columns, column, threshold, low, high };
}

function extraNodes({ column, rule }: Forest, node: number): number {
  const rules = rule[node] ?? 0;
  if ((column[node] ?? -1) < 0 || (rules & byEquality) === 0) return 0;
  return (rules & missingLeft) === 0 ? 1 : 2;
}

/** The columns asked, in the table's order, and for every column of the table where it stands among them. */
function askedColumns({ inputs, column, rule }: Forest, reached: Uint32Array) {
  const plain = new Int32Array(inputs).fill(-1);
  const turned = new Int32Array(inputs).fill(-1);
  for (const node of reached) {
    const asked = column[node] ?? -1;
    if (asked < 0) continue;
    const rules = rule[node] ?? 0;
    ((rules & byEquality) === 0 && (rules & missingLeft) !== 0 ? turned : plain)[asked] = 0;
  }
  const columns: AskedColumn[] = [];
  for (let source = 0; source < inputs; source++) {
    if (plain[source] === 0) plain[source] = columns.push({ source, turned: false }) - 1;
    if (turned[source] === 0) turned[source] = columns.push({ source, turned: true }) - 1;
  }
  return { columns, plain, turned };
}

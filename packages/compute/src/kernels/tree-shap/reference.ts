import { type Forest, goesLeft } from "../../forest.ts";

/** What is asked of the reference: as of the kernel, with rows and background as columns. */
export interface ReferenceInput {
  readonly forest: Forest;
  readonly rows: readonly Float32Array[];
  /** Background columns and weights; null: path-dependent. */
  readonly background: { readonly columns: readonly Float32Array[]; readonly weights: Float64Array | null } | null;
  readonly link: "identity" | "logistic";
  /** i32[inputs]: the player of each column. */
  readonly players: Int32Array;
}

/**
 * Shapley values and interaction values by their definitions, over all subsets of players:
 * φ_i = Σ_S |S|! (M − |S| − 1)! / M! · (v(S ∪ i) − v(S)), and for i ≠ j
 * Φ_ij = ½ Σ_S |S|! (M − |S| − 2)! / (M − 1)! · (v(S ∪ ij) − v(S ∪ i) − v(S ∪ j) + v(S)), Φ_ii = φ_i − Σ_j Φ_ij
 * (Lundberg et al., doi:10.1038/s42256-019-0138-9).
 * v(S) is the prediction of a row that has the players in S from x and the others from a background row, averaged over
 * the background; or, path-dependent, the prediction where a node of a player out of S sends its cover's shares both ways.
 * `logistic`: for each background row z, the values of the sum times (σ(f(x)) − σ(f(z))) / (f(x) − f(z)).
 * For at most about 12 players.
 */
export function treeShapReference(input: ReferenceInput): {
  base: Float64Array;
  values: Float64Array;
  interactions: Float64Array;
} {
  const { forest, rows, background, link, players } = input;
  const { outputs } = forest;
  const count = Math.max(-1, ...players) + 1;
  const rowCount = rows[0]?.length ?? 0;
  const base = new Float64Array(outputs);
  const values = new Float64Array(rowCount * count * outputs);
  const interactions = new Float64Array(rowCount * count * count * outputs);
  const zRows = background ? (background.columns[0]?.length ?? 0) : 1;
  const weights = Array.from({ length: zRows }, (_, z) => background?.weights?.[z] ?? 1);
  const total = weights.reduce((a, b) => a + b, 0);
  for (let z = 0; z < zRows; z++) {
    const share = (weights[z] ?? 0) / total;
    const other = background ? background.columns.map((column) => column[z] ?? 0) : null;
    const atZ = expectation(forest, players, [], other, 0);
    for (let o = 0; o < outputs; o++) {
      const value = atZ[o] ?? 0;
      base[o] = (base[o] ?? 0) + share * (link === "logistic" ? logistic(value) : value);
    }
    for (let row = 0; row < rowCount; row++) {
      const x = rows.map((column) => column[row] ?? 0);
      const v = Array.from({ length: 2 ** count }, (_, set) => expectation(forest, players, x, other, set));
      for (let o = 0; o < outputs; o++) {
        const of = (set: number) => v[set]?.[o] ?? 0;
        const factor = share * (link === "logistic" ? slope(of(2 ** count - 1), of(0)) : 1);
        for (let i = 0; i < count; i++) {
          const at = (row * count + i) * outputs + o;
          values[at] = (values[at] ?? 0) + factor * shapley(of, count, i);
          for (let j = 0; j < count; j++) {
            const pair = ((row * count + i) * count + j) * outputs + o;
            interactions[pair] = (interactions[pair] ?? 0) + factor * interaction(of, count, i, j);
          }
        }
      }
    }
  }
  return { base, values, interactions };
}

/** The forest's outputs for x in the players of `set` and `other` elsewhere; null: shares of cover elsewhere. */
function expectation(
  forest: Forest,
  players: Int32Array,
  x: readonly number[],
  other: readonly number[] | null,
  set: number,
): Float64Array {
  const sums = Float64Array.from(forest.base);
  const walk = (node: number, share: number): void => {
    if (share === 0) return;
    const column = forest.column[node] ?? -1;
    const [left, right] = [forest.left[node] ?? 0, forest.right[node] ?? 0];
    if (column < 0) {
      for (let entry = left; entry < right; entry++) {
        const output = forest.leafOutput[entry] ?? 0;
        sums[output] = (sums[output] ?? 0) + share * (forest.leafValue[entry] ?? 0);
      }
      return;
    }
    const own = ((set >> (players[column] ?? 0)) & 1) === 1;
    if (!own && other === null) {
      const [a, b] = coverShares(forest, node);
      walk(left, share * a);
      walk(right, share * b);
    } else {
      walk(goesLeft(forest, node, (own ? x : other)?.[column] ?? 0) ? left : right, share);
    }
  };
  for (const root of forest.roots) walk(root, 1);
  return sums;
}

/** What part of a node's cover came to its left and right; halves where none came to the node. */
export function coverShares(forest: Forest, node: number): readonly [left: number, right: number] {
  const whole = forest.cover?.[node] ?? 0;
  if (whole === 0) return [0.5, 0.5];
  return [
    (forest.cover?.[forest.left[node] ?? 0] ?? 0) / whole,
    (forest.cover?.[forest.right[node] ?? 0] ?? 0) / whole,
  ];
}

function shapley(v: (set: number) => number, count: number, i: number): number {
  let sum = 0;
  for (let set = 0; set < 2 ** count; set++) {
    if (((set >> i) & 1) === 0) sum += weight(bits(set), count) * (v(set | (1 << i)) - v(set));
  }
  return sum;
}

function interaction(v: (set: number) => number, count: number, i: number, j: number): number {
  if (i === j) {
    let rest = shapley(v, count, i);
    for (let k = 0; k < count; k++) if (k !== i) rest -= interaction(v, count, i, k);
    return rest;
  }
  const pair = (1 << i) | (1 << j);
  let sum = 0;
  for (let set = 0; set < 2 ** count; set++) {
    if ((set & pair) !== 0) continue;
    const change = v(set | pair) - v(set | (1 << i)) - v(set | (1 << j)) + v(set);
    sum += 0.5 * weight(bits(set), count - 1) * change;
  }
  return sum;
}

/** size! (count − size − 1)! / count! */
function weight(size: number, count: number): number {
  let value = 1 / count;
  for (let k = 1; k <= size; k++) value *= k / (count - k);
  return value;
}

function bits(set: number): number {
  let count = 0;
  for (let rest = set; rest > 0; rest &= rest - 1) count++;
  return count;
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** (σ(u) − σ(v)) / (u − v), and its limit where they meet. */
function slope(u: number, v: number): number {
  if (Math.abs(u - v) < 1e-5) return logistic((u + v) / 2) * (1 - logistic((u + v) / 2));
  return (logistic(u) - logistic(v)) / (u - v);
}

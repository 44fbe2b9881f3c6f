import { addExact, type ExactSum, exactFromInteger } from "../../exact-sum.ts";
import type { Tally, TallyInput } from "./index.ts";

/** One row after the other; weights as integers of unlimited size. */
export function tallyReference({ columns, rows, counts, weights }: TallyInput): Tally {
  const shape = columns.map((column) => column.size);
  const cells = shape.reduce((product, size) => product * size, 1);
  const result = new Float64Array(cells);
  const positive = new Float64Array(cells);
  const sums: ExactSum[] = new Array(cells).fill("0");
  const squares: ExactSum[] = new Array(cells).fill("0");
  for (let row = 0; row < rows; row++) {
    const cell = columns.reduce((index, { codes, size }) => index * size + (codes[row] ?? 0), 0);
    const times = counts?.[row] ?? 1;
    result[cell] = (result[cell] ?? 0) + times;
    const weight = weights?.[row] ?? 0;
    if (weight === 0 || times === 0) continue;
    const [integer, exponent] = decompose(weight);
    positive[cell] = (positive[cell] ?? 0) + times;
    sums[cell] = addExact(sums[cell] ?? "0", exactFromInteger(integer * BigInt(times), exponent));
    squares[cell] = addExact(squares[cell] ?? "0", exactFromInteger(integer * integer * BigInt(times), 2 * exponent));
  }
  return { shape, counts: result, weights: weights ? { sums, squares, rows: positive } : null };
}

/** value = integer · 2^exponent, found by doubling or halving until it is whole. */
function decompose(value: number): readonly [bigint, number] {
  let rest = value;
  let exponent = 0;
  while (!Number.isInteger(rest)) {
    rest *= 2;
    exponent--;
  }
  return [BigInt(rest), exponent];
}

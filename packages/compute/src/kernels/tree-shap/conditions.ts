import { byEquality, type Forest, missingLeft } from "../../forest.ts";
import type { Ranks } from "./ranks.ts";

/** What a path asks of one column: a rank from `low` to `high` but not in `excluded`, or missing where `missing`. */
export interface Condition {
  /** Index among the ranked columns. */
  readonly column: number;
  readonly low: number;
  readonly high: number;
  readonly excluded: readonly number[];
  readonly missing: boolean;
}

/** (rank − start) modulo 2^(8 × width) < length, without sign. A condition is the and of such tests. */
export interface Test {
  readonly column: number;
  readonly start: number;
  readonly length: number;
}

/** A player's conditions after one more decision at `node`. */
export function addCondition(
  forest: Forest,
  ranks: Ranks,
  before: readonly Condition[],
  node: number,
  left: boolean,
): readonly Condition[] {
  const column = ranks.indexOf[forest.column[node] ?? 0] ?? 0;
  const index = before.findIndex((one) => one.column === column);
  const old = before[index] ?? { column, low: 0, high: highestRank(ranks, column), excluded: [], missing: true };
  const rule = forest.rule[node] ?? 0;
  const place = ranks.place[node] ?? 0;
  const missing = old.missing && ((rule & missingLeft) !== 0) === left;
  const next = {
    ...old,
    missing,
    ...numeric(old, place, ranks.doubled[column] === 1, (rule & byEquality) !== 0, left),
  };
  return index === -1 ? [...before, next] : before.with(index, next);
}

function numeric(
  old: Condition,
  place: number,
  doubled: boolean,
  equality: boolean,
  left: boolean,
): Partial<Condition> {
  const bound = doubled ? 2 * place + 1 : place;
  if (equality && left) return { low: Math.max(old.low, bound), high: Math.min(old.high, bound) };
  if (equality) return { excluded: [...old.excluded, bound] };
  return left ? { high: Math.min(old.high, bound) } : { low: Math.max(old.low, bound + 1) };
}

/** The tests that a player's conditions are; none where every value passes. */
export function testsOf(ranks: Ranks, conditions: readonly Condition[]): Test[] {
  return conditions.flatMap((condition) => {
    const { column, low, high, excluded, missing } = condition;
    const top = highestRank(ranks, column);
    const modulus = 2 ** (8 * (ranks.width[column] ?? 1));
    const test = (start: number, length: number): Test => ({ column, start: start % modulus, length });
    if (low > high) return [missing ? test(modulus - 1, 1) : test(0, 0)];
    const tests = [...new Set(excluded)]
      .filter((rank) => rank >= low && rank <= high)
      .map((rank) => test(rank + 1, modulus - 1));
    if (!missing) tests.push(test(low, high - low + 1));
    // The missing rank lies just below 0 and just above all others, so a range open to one side takes it in.
    if (missing && low > 0) tests.push(test(low, modulus - low));
    if (missing && high < top) tests.push(test(modulus - 1, high + 2));
    return tests;
  });
}

function highestRank(ranks: Ranks, column: number): number {
  const count = (ranks.begin[column + 1] ?? 0) - (ranks.begin[column] ?? 0);
  return ranks.doubled[column] === 1 ? 2 * count : count;
}

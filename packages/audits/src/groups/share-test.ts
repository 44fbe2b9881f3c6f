import { type Device, permute } from "@assay/compute";
import { hypergeometricTails } from "../statistics/index.ts";
import { type Sought, settle } from "./sequential-test.ts";

export interface TestRun {
  readonly device: Device;
  readonly replicates: number;
  readonly seed: number;
  readonly stream: number;
}

/** Draws of one cell each, per test, at most: very many groups get fewer replicates. */
const mostDraws = 4_000_000;

export function replicatesFor(asked: number, cells: number): number {
  return Math.min(asked, Math.max(199, Math.floor(mostDraws / cells)));
}

/** Whole rows of the groups that a share counts: `k` of `n`. */
export type Counts = readonly { readonly k: number; readonly n: number }[];

/**
 * Test that a share is equal in all groups: who is counted is shuffled over the groups, both margins kept (multivariate
 * hypergeometric). The statistic is the greatest standardised distance of a group from the pooled share, so that a small
 * group's noise does not drown a large group's gap; its bound is the sum of the groups' own hypergeometric tails.
 */
class ShareNull {
  readonly observed: number;
  readonly #table: Float64Array;
  readonly #expected: Float64Array;
  readonly #scale: Float64Array;
  readonly #counts: Counts;
  readonly #n: number;
  readonly #k: number;

  constructor(counts: Counts) {
    this.#counts = counts;
    this.#n = counts.reduce((sum, group) => sum + group.n, 0);
    this.#k = counts.reduce((sum, group) => sum + group.k, 0);
    this.#table = Float64Array.from(counts.flatMap((group) => [group.k, group.n - group.k]));
    const pooled = this.#k / this.#n;
    this.#expected = Float64Array.from(counts, (group) => group.n * pooled);
    this.#scale = Float64Array.from(
      counts,
      (group) => 1 / Math.sqrt(Math.max(group.n * (1 - group.n / this.#n), 1e-300)),
    );
    this.observed = this.#distance(this.#table, 0);
  }

  get cells(): number {
    return this.#table.length;
  }

  /** Chance that any group lies as far out as `distance`, at most; 1 where it is more than `replicates` can tell. */
  bound(distance: number, replicates: number): number {
    const told = 1 / (1 + replicates);
    let sum = 0;
    for (const [index, group] of this.#counts.entries()) {
      const scale = this.#scale[index] ?? 1;
      sum += hypergeometricTails(this.#n, this.#k, group.n, (distance * (1 - 1e-9)) / scale, told);
      if (sum > told) return 1;
    }
    return sum;
  }

  async draw(run: TestRun, first: number, count: number): Promise<Float64Array> {
    const rows = this.#counts.length;
    const draws = await permute(run.device, {
      table: this.#table,
      rows,
      columns: 2,
      replicates: count,
      first,
      seed: run.seed,
      stream: run.stream,
    });
    return Float64Array.from({ length: count }, (_, replicate) => this.#distance(draws, replicate * rows * 2));
  }

  #distance(table: ArrayLike<number>, start: number): number {
    const expected = this.#expected;
    const scale = this.#scale;
    let most = 0;
    for (let group = 0; group < expected.length; group++) {
      const off = Math.abs((table[start + 2 * group] ?? 0) - (expected[group] ?? 0)) * (scale[group] ?? 0);
      if (off > most) most = off;
    }
    return most;
  }
}

/** p that a share is equal in all groups. */
export async function shareTest(counts: Counts, run: TestRun): Promise<number> {
  const one = new ShareNull(counts);
  const replicates = replicatesFor(run.replicates, one.cells);
  const sought: Sought[] = [{ observed: one.observed, bound: one.bound(one.observed, replicates) }];
  const [p = 1] = await settle(sought, replicates, async (first, count) => [await one.draw(run, first, count)]);
  return p;
}

/**
 * p that each of two shares of different rows is equal in all groups, and that both are: the greater of the two statistics,
 * each in its own standard errors, against both nulls drawn independently.
 */
export async function jointShareTest(
  first: Counts,
  second: Counts,
  run: TestRun,
): Promise<{ readonly first: number; readonly second: number; readonly both: number }> {
  // Distances in standard errors of each share, so that the two can be compared.
  const nulls = [first, second].map((counts) => {
    const own = new ShareNull(counts);
    const n = counts.reduce((sum, group) => sum + group.n, 0);
    const share = counts.reduce((sum, group) => sum + group.k, 0) / n;
    return { own, unit: Math.sqrt(Math.max(share * (1 - share), 1e-300)) };
  });
  const [a, b] = nulls;
  if (!a || !b) throw new Error("joint share test: two shares are needed");
  const observed = nulls.map(({ own, unit }) => own.observed / unit);
  const most = Math.max(...observed);
  const replicates = replicatesFor(run.replicates, Math.max(a.own.cells, b.own.cells));
  const farther = a.own.bound(most * a.unit, replicates) + b.own.bound(most * b.unit, replicates);
  const sought: Sought[] = [
    ...nulls.map(({ own }, index) => ({ observed: observed[index] ?? 0, bound: own.bound(own.observed, replicates) })),
    { observed: most, bound: Math.min(1, farther) },
  ];
  const ps = await settle(sought, replicates, async (start, count) => {
    const left = await a.own.draw(run, start, count);
    const right = await b.own.draw({ ...run, stream: run.stream + 1 }, start, count);
    const both = new Float64Array(count);
    for (let replicate = 0; replicate < count; replicate++) {
      left[replicate] = (left[replicate] ?? 0) / a.unit;
      right[replicate] = (right[replicate] ?? 0) / b.unit;
      both[replicate] = Math.max(left[replicate] ?? 0, right[replicate] ?? 0);
    }
    return [left, right, both];
  });
  return { first: ps[0] ?? 1, second: ps[1] ?? 1, both: ps[2] ?? 1 };
}

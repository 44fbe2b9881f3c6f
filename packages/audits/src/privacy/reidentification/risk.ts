import type { Narrow } from "./narrow.ts";

/** How many people stand in classes of each size, and what follows from it. All exact for the people in the file. */
export interface Risk {
  readonly people: number;
  readonly classes: number;
  /** Smallest class: k of k-anonymity (Sweeney 2002). Null without people. */
  readonly k: number | null;
  readonly largest: number;
  /** People alone in their class. */
  readonly unique: number;
  /** People in classes smaller than the bound. */
  readonly belowK: number;
  /** [size, people in classes of that size], by rising size. */
  readonly sizes: readonly (readonly [size: number, people: number])[];
}

export function riskOf(counts: Narrow, bound: number): Risk {
  const bySize = new Map<number, number>();
  let people = 0;
  let unique = 0;
  let belowK = 0;
  for (const count of counts) {
    people += count;
    if (count === 1) unique++;
    if (count < bound) belowK += count;
    bySize.set(count, (bySize.get(count) ?? 0) + count);
  }
  const sizes = [...bySize].sort(([a], [b]) => a - b);
  return {
    people,
    classes: counts.length,
    k: sizes[0]?.[0] ?? null,
    largest: sizes.at(-1)?.[0] ?? 0,
    unique,
    belowK,
    sizes,
  };
}

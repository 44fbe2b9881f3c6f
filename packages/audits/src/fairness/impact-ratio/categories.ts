import { fisherExact, holdNull, holm, type Interval, wilson } from "../../statistics/index.ts";
import { shareText } from "../../wording/index.ts";
import { koopman } from "./koopman.ts";
import { codesOf, type OutcomeTable, outcomes } from "./outcomes.ts";

/** One category of a table of rates: men, or Black women. */
export interface Category {
  /** column → text; null is unknown. */
  readonly group: Readonly<Record<string, string | null>>;
  readonly isKnown: boolean;
  /** People whose outcome is known, and those of them who have it. */
  readonly n: number;
  readonly yes: number;
  /** People of the category whose outcome is missing. */
  readonly missing: number;
  /** Share of the known categories' people. */
  readonly share: number;
  readonly rate: (Interval & { readonly value: number }) | null;
  readonly ratio: Ratio | { readonly kind: "none"; readonly reason: string };
}

export type Ratio =
  | { readonly kind: "highest" }
  | ({ readonly kind: "compared"; readonly value: number; readonly p: number; readonly pAdjusted: number } & Interval);

export interface RateTable {
  readonly by: readonly string[];
  /** Known categories in the order of their levels, then unknown ones. */
  readonly categories: readonly Category[];
  /** The category all ratios refer to. */
  readonly highest: Category | null;
  /** People of known categories with a known outcome. */
  readonly used: number;
  /** People of any unknown category with a known outcome. */
  readonly unknown: number;
  /** People whose outcome is missing, in any category. */
  readonly missing: number;
}

export interface RateSettings {
  readonly confidence: number;
  readonly exclude_under: number;
}

/**
 * Rates and impact ratios of one grouping: each rate over the highest rate among the categories that are not excluded.
 * Which category is highest is read off the same data, so adjusted p values are Holm's over all pairs of compared
 * categories, not only over the pairs with the highest.
 */
export function rateTable(table: OutcomeTable, settings: RateSettings): RateTable {
  const found: Omit<Category, "share" | "ratio">[] = [];
  for (let combination = 0; combination < table.counts.length / outcomes; combination++) {
    const [missing = 0, no = 0, yes = 0] = table.counts.subarray(combination * outcomes, (combination + 1) * outcomes);
    if (missing + no + yes === 0) continue;
    const codes = codesOf(table, combination);
    const group = Object.fromEntries(
      table.columns.map((column, index) => [column.name, column.levels[(codes[index] ?? 0) - 1] ?? null]),
    );
    const n = no + yes;
    const rate = n === 0 ? null : { value: yes / n, ...wilson(yes, n, settings.confidence) };
    found.push({ group, isKnown: !codes.includes(0), n, yes, missing, rate });
  }
  const known = found.filter((one) => one.isKnown);
  const used = known.reduce((sum, one) => sum + one.n, 0);
  const shareOf = (one: { readonly n: number }): number => (used === 0 ? 0 : one.n / used);
  const counted = known.filter((one) => one.n > 0 && shareOf(one) >= settings.exclude_under);
  const highest = counted.reduce<(typeof counted)[number] | null>(
    (best, one) => (best === null || (one.rate?.value ?? 0) > (best.rate?.value ?? 0) ? one : best),
    null,
  );
  const adjusted = adjustedPairs(counted, highest);

  const ratioOf = (one: (typeof found)[number]): Category["ratio"] => {
    if (!one.isKnown) return { kind: "none", reason: "unknown category: counted, never compared" };
    if (one.n === 0) return { kind: "none", reason: "no known outcome in this category" };
    if (!counted.includes(one)) {
      return {
        kind: "none",
        reason: `excluded: ${shareText(shareOf(one))} of the people used, under ${shareText(settings.exclude_under)}`,
      };
    }
    if (counted.length < 2) return { kind: "none", reason: "no other category to compare with" };
    if (!highest || highest.yes === 0) return { kind: "none", reason: "the highest rate is 0" };
    if (one === highest) return { kind: "highest" };
    const tested = adjusted.get(one) ?? { p: 1, pAdjusted: 1 };
    const interval = koopman(one.yes, one.n, highest.yes, highest.n, settings.confidence);
    return {
      kind: "compared",
      value: one.yes / one.n / (highest.yes / highest.n),
      ...holdNull(interval, 1, tested.p, settings.confidence),
      ...tested,
    };
  };
  const complete = (one: (typeof found)[number]): Category => ({
    ...one,
    share: one.isKnown ? shareOf(one) : 0,
    ratio: ratioOf(one),
  });
  const unknown = found.filter((one) => !one.isKnown);
  return {
    by: table.columns.map((column) => column.name),
    categories: [...known, ...unknown].map(complete),
    highest: highest && complete(highest),
    used,
    unknown: unknown.reduce((sum, one) => sum + one.n, 0),
    missing: found.reduce((sum, one) => sum + one.missing, 0),
  };
}

type Counted = { readonly n: number; readonly yes: number };

/** Fisher's exact p of each category against the highest, with Holm's adjustment over all pairs. */
function adjustedPairs<T extends Counted>(
  counted: readonly T[],
  highest: T | null,
): ReadonlyMap<T, { readonly p: number; readonly pAdjusted: number }> {
  const pairs = counted.flatMap((a, index) => counted.slice(index + 1).map((b) => [a, b] as const));
  const ps = pairs.map(([a, b]) => fisherExact(a.yes, a.n - a.yes, b.yes, b.n - b.yes));
  const adjusted = holm(ps);
  return new Map(
    pairs.flatMap(([a, b], index) => {
      const other = a === highest ? b : b === highest ? a : null;
      return other === null ? [] : [[other, { p: ps[index] ?? 1, pAdjusted: adjusted[index] ?? 1 }] as const];
    }),
  );
}

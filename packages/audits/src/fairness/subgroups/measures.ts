import type { Measure } from "@assay/schema";
import { wilson } from "../../statistics/index.ts";
import type { Outcome } from "./conclude.ts";
import type { Rate } from "./confirm.ts";
import { rightHeld, wrongFound, wrongHeld } from "./found.ts";
import type { Kind } from "./kinds.ts";
import type { Input } from "./settings.ts";
import { groupOfSlice } from "./words.ts";

/** Name of a slice's rate less that of everyone else. */
export function differenceMetric(kind: Kind): string {
  return `${kind.metric}-difference-to-rest`;
}

/** Rows held out: what every number about a slice but its finding rests on. */
export const confirmation = "confirmation";
export const discovery = "discovery";

/** A rate as it is printed: of those well off where that is what people want. */
export function shown<T extends { readonly value: number; readonly low: number; readonly high: number }>(
  kind: Kind,
  rate: T,
): { readonly value: number; readonly low: number; readonly high: number } {
  const { value, low, high } = rate;
  return kind.isWanted ? { value: 1 - value, low: 1 - high, high: 1 - low } : { value, low, high };
}

/** The same for a difference. */
export function shownDifference(
  kind: Kind,
  { value, low, high }: { readonly value: number; readonly low: number; readonly high: number },
): { readonly value: number; readonly low: number; readonly high: number } {
  return kind.isWanted ? { value: 0 - value, low: 0 - high, high: 0 - low } : { value, low, high };
}

/**
 * How many slices were found and confirmed; the overall rate of both halves; then four numbers for every slice found, best
 * first: its rate where it was found and where it was confirmed, the difference to the rest, and what could be detected.
 */
export function subgroupMeasures(outcome: Outcome, input: Input): Measure[] {
  const { kind, progress, slices, places, names } = outcome;
  const { confidence } = input;
  const totals = progress.totals;
  const unknown = progress.rows === 0 ? "no row has a known outcome" : null;
  const own = slices.filter((one, index) => one.isConfirmed && places[index]?.kind === "own").length;
  const numberOf = (metric: string, value: number): Measure =>
    unknown === null
      ? { metric, value, n: progress.rows, method: "exact" }
      : { metric, value: null, n: 0, reason: unknown };
  const overall = (split: string, errors: number, n: number): Measure =>
    n === 0
      ? { metric: kind.metric, value: null, split, n, reason: unknown ?? "no row fell to this half" }
      : {
          metric: kind.metric,
          ...shown(kind, { value: errors / n, ...wilson(errors, n, confidence) }),
          split,
          n,
          confidence,
          method: "wilson",
        };
  const [rightFoundRows = 0] = totals;
  const foundErrors = totals[wrongFound] ?? 0;
  const heldErrors = totals[wrongHeld] ?? 0;
  return [
    numberOf("slices-found", slices.length),
    numberOf("slices-confirmed", own),
    overall(discovery, foundErrors, rightFoundRows + foundErrors),
    overall(confirmation, heldErrors, (totals[rightHeld] ?? 0) + heldErrors),
    ...slices.flatMap(({ slice, rate, rest, difference, p, pAdjusted, detectable }): Measure[] => {
      const group = groupOfSlice(slice, names);
      const [right = 0, wrong = 0] = slice.counts;
      const found = right + wrong;
      const about = { group, split: confirmation };
      const n = rate?.n ?? 0;
      const none = rate === null ? "no held-out row is in this group" : "no held-out row is outside this group";
      return [
        {
          metric: kind.metric,
          value: kind.isWanted ? right / found : wrong / found,
          group,
          split: discovery,
          n: found,
          method: "chosen as among the worst: too bad by chance, and without an interval for it",
        },
        rateMeasure(kind, rate, about, confidence),
        difference === null || rest === null
          ? { metric: differenceMetric(kind), value: null, ...about, n, reason: none }
          : {
              metric: differenceMetric(kind),
              ...shownDifference(kind, difference),
              ...about,
              n,
              confidence,
              p,
              p_adjusted: pAdjusted,
              reference: `the other ${rest.n} held-out rows`,
              method:
                "newcombe hybrid score interval, 0 held where the test does not reject; fisher exact one-sided p, benjamini-hochberg over the slices found",
            },
        detectable === null
          ? {
              metric: "minimum-detectable-difference",
              value: null,
              ...about,
              n,
              reason: "too few held-out rows for any",
            }
          : {
              metric: "minimum-detectable-difference",
              value: detectable,
              ...about,
              n,
              method: "normal approximation, power 0.8 at the strictest level of benjamini-hochberg",
            },
      ];
    }),
  ];
}

/** Measures of a slice start here: four each, the second its held-out rate, the third the difference. */
export function placeOfSlice(index: number): {
  readonly rate: number;
  readonly difference: number;
  readonly detectable: number;
} {
  const first = 4 + index * 4;
  return { rate: first + 1, difference: first + 2, detectable: first + 3 };
}

function rateMeasure(
  kind: Kind,
  rate: Rate | null,
  about: { readonly group: Record<string, string | null>; readonly split: string },
  confidence: number,
): Measure {
  if (rate === null) {
    return { metric: kind.metric, value: null, ...about, n: 0, reason: "no held-out row is in this group" };
  }
  return { metric: kind.metric, ...shown(kind, rate), ...about, n: rate.n, confidence, method: "wilson" };
}

import type { LocalizedText } from "@assay/schema";
import type { Reference } from "../../define.ts";

/** What one list holds of one group. Places that tied scores share are counted by expectation. */
export interface ListCell {
  /** Rows. */
  readonly rows: number;
  /** Rows among the first places. */
  readonly top: number;
  /** First places that fall to the group where order is blind: the list's first places times the group's share of its rows. */
  readonly blind: number;
  /** The list's first places: all of them, whoever has them. */
  readonly places: number;
  /** Σ 1 / log2(1 + place). */
  readonly exposure: number;
  /** The same over rows whose relevance is known, and their Σ relevance. */
  readonly judgedExposure: number;
  readonly relevance: number;
  /** Pairs of a row of the group with a less relevant row, and how many have it first (ties half): of anyone, of the group, of others. */
  readonly pairs: number;
  readonly wins: number;
  readonly intraPairs: number;
  readonly intraWins: number;
  readonly interPairs: number;
  readonly interWins: number;
}

export type ListNumber = keyof ListCell;

/** A metric of places in ranked lists: Σ over / Σ under over lists, so that every list counts as it holds rows. */
export interface ListMetric {
  readonly name: string;
  readonly label: LocalizedText;
  /** What the number says in plain words, as a clause. */
  readonly meaning: LocalizedText;
  readonly over: ListNumber;
  readonly under: ListNumber;
  /** log: the ratio's natural logarithm is the value. */
  readonly value: "log" | "ratio";
  /** The scale of its interval. */
  readonly scale: "log" | "logit" | "plain";
  readonly range: readonly [number, number];
  readonly unit: "number" | "percent";
  readonly needsRelevance: boolean;
  /** Which disparities over groups say something. */
  readonly gaps: readonly ("difference" | "ratio")[];
  /** shuffle: of places that fall without regard to groups. lists: of equal values, over lists. */
  readonly test: "lists" | "shuffle" | null;
  readonly undefinedReason: string;
  readonly reference: Reference;
}

export const singh: Omit<Reference, "of"> = {
  citation: "A. Singh and T. Joachims, Fairness of exposure in rankings, KDD (2018) 2219–2228",
  url: "https://doi.org/10.1145/3219819.3220088",
};

export const geyik: Omit<Reference, "of"> = {
  citation:
    "S. C. Geyik, S. Ambler and K. Kenthapadi, Fairness-aware ranking in search and recommendation systems with application to LinkedIn talent search, KDD (2019) 2221–2231",
  url: "https://doi.org/10.1145/3292500.3330691",
};

export const beutel: Omit<Reference, "of"> = {
  citation: "A. Beutel et al., Fairness in recommendation ranking through pairwise comparisons, KDD (2019) 2212–2220",
  url: "https://doi.org/10.1145/3292500.3330745",
};

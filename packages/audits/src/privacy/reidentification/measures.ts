import type { Measure } from "@assay/schema";
import type { Diversity } from "./diversity.ts";
import type { Risk } from "./risk.ts";
import type { Input } from "./settings.ts";
import type { Singling } from "./singling.ts";

/** Every number is a census of the file: nothing was sampled to get it, so none has an interval. */
const method = "exact";
const noPeople = "no rows";

export function riskMeasures(risk: Risk, input: Input): readonly Measure[] {
  const { people, classes, k } = risk;
  const share = (count: number): number | null => (people === 0 ? null : count / people);
  const rows: readonly (Omit<Measure, "value"> & { value: number | null })[] = [
    { metric: "k-anonymity", value: k },
    { metric: "equivalence-classes", value: people === 0 ? null : classes },
    { metric: "unique-rows", value: people === 0 ? null : risk.unique },
    { metric: "unique-share", value: share(risk.unique) },
    { metric: "rows-below-k", value: people === 0 ? null : risk.belowK, threshold: input.k },
    { metric: "share-below-k", value: share(risk.belowK), threshold: input.k },
    { metric: "prosecutor-risk", value: k === null ? null : 1 / k },
    { metric: "average-prosecutor-risk", value: share(classes) },
  ];
  return rows.map((row) => ({ ...row, n: people, method, ...(people === 0 && { reason: noPeople }) }));
}

/** One row per quasi-identifier and metric, with the column as `feature`. */
export function singlingMeasures(singling: readonly Singling[], risk: Risk): readonly Measure[] {
  if (risk.people === 0) return [];
  return singling.flatMap(({ column, uniqueAlone, uniqueWithout, kWithout }) => {
    const common = { feature: column, n: risk.people, method };
    return [
      { metric: "unique-share-alone", value: uniqueAlone / risk.people, ...common },
      { metric: "unique-share-without", value: uniqueWithout / risk.people, ...common },
      { metric: "k-anonymity-without", value: kWithout, ...common },
    ];
  });
}

/** One row per sensitive column and metric; `reason` instead of a number where there is none. */
export function diversityMeasures(
  column: string,
  diversity: Diversity | null,
  people: number,
  input: Input,
  refused: string | null,
): readonly Measure[] {
  const known = diversity?.known ?? 0;
  const reason = refused ?? (diversity === null ? "no known value of this column" : null);
  const one = (metric: string, value: number | null | undefined, more: Partial<Measure> = {}): Measure => ({
    metric,
    value: reason === null ? (value ?? null) : null,
    column,
    n: known,
    method,
    ...more,
    ...(reason !== null && { reason }),
  });
  const recursive =
    diversity?.recursive === null ? { reason: `some classes hold fewer than ${input.l} different values` } : {};
  const measures = [
    one("l-diversity", diversity?.distinct),
    one("entropy-l-diversity", diversity?.entropy, { method: "exact, exp of the smallest class entropy" }),
    one("recursive-diversity", diversity?.recursive, { ...recursive, threshold: input.l }),
    one("t-closeness", diversity?.t, { method: "exact, total variation" }),
    one("beta-likeness", diversity?.beta),
    one("share-below-l", people === 0 || !diversity ? null : diversity.belowL / people, {
      threshold: input.l,
      n: people,
    }),
    one("homogeneous-rows", diversity?.homogeneous, { n: people }),
  ];
  if (diversity?.tOrdered != null) {
    measures.push(one("t-closeness-ordered", diversity.tOrdered, { method: "exact, ordered earth mover's distance" }));
  }
  return measures;
}

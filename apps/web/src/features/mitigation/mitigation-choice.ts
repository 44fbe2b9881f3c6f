import type { PlacedFinding } from "@assay/report/text";

/** What a mitigation can hold groups to, in the order of the form. */
export const constraints = [
  "demographic-parity",
  "equalized-odds",
  "true-positive-rate-parity",
  "false-positive-rate-parity",
] as const;
export type Constraint = (typeof constraints)[number];

/** The gap that a constraint speaks of. */
export const gapOf = {
  "demographic-parity": "demographic-parity-difference",
  "equalized-odds": "equalized-odds-difference",
  "false-positive-rate-parity": "false-positive-rate-difference",
  "true-positive-rate-parity": "true-positive-rate-difference",
} as const satisfies Record<Constraint, string>;

/** Methods in the order of the form: what changes decisions first, then what changes how a model learns, then what it learns from. */
export const methods = ["threshold", "reduce", "reweigh", "resample", "repair"] as const;
export type Method = (typeof methods)[number];

/** Columns that are crossed at most. */
export const mostColumns = 4;

const families: readonly (readonly [RegExp, Constraint])[] = [
  [/^equalized-odds-/, "equalized-odds"],
  [/^(selection-rate|demographic-parity|impact-ratio|scoring-rate|scoring-impact-ratio)(-|$)/, "demographic-parity"],
  [/^(true-positive-rate|false-negative-rate|recall)(-|$)/, "true-positive-rate-parity"],
  [/^(false-positive-rate|true-negative-rate)(-|$)/, "false-positive-rate-parity"],
];

export interface SuggestedMitigation {
  readonly by: readonly string[];
  readonly constraint: Constraint;
}

/** What could be tried against a finding about a disparity; null for findings about anything else. */
export function suggestMitigation({ audit, finding, verdict }: PlacedFinding): SuggestedMitigation | null {
  const weighs = verdict === "fail" || finding.severity === "high";
  if (!weighs || !audit.id.startsWith("fairness.") || audit.id === "fairness.mitigation") return null;
  for (const place of finding.measures) {
    const measure = audit.measures[place];
    const by = measure?.by ?? Object.keys(measure?.group ?? {});
    const constraint = families.find(([pattern]) => pattern.test(measure?.metric ?? ""))?.[1];
    if (constraint !== undefined && by.length > 0 && by.length <= mostColumns) return { by, constraint };
  }
  return null;
}

/** The address of the page with its form filled in. */
export function mitigationHref(slug: string, run: number, suggested: SuggestedMitigation | null): string {
  const search = new URLSearchParams({ run: String(run) });
  for (const column of suggested?.by ?? []) search.append("by", column);
  if (suggested !== null) search.set("constraint", suggested.constraint);
  return `/projects/${slug}/mitigate?${search}`;
}

import type { Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { type RateTable, rateTable } from "./categories.ts";
import { ratioFigure } from "./figures.ts";
import { type RateKind, scoringKind, selectionKind } from "./kinds.ts";
import { rateMeasures } from "./measures.ts";
import { searchState } from "./median.ts";
import type { Input } from "./settings.ts";
import type { ImpactSummary } from "./summary.ts";
import { summaryTable } from "./tables.ts";

export function conclude(
  summary: ImpactSummary,
  { input, roles }: Pick<AuditContext<Input>, "input" | "roles">,
): Conclusion {
  const parts: { kind: RateKind; table: RateTable }[] = [];
  for (const table of summary.decision ?? []) {
    parts.push({ kind: selectionKind(roles.favourable), table: rateTable(table, input) });
  }
  for (const table of summary.above?.tables ?? [])
    parts.push({ kind: scoringKind(roles.favourable), table: rateTable(table, input) });
  const countsOf = summary.decision === null ? "scoring" : "selection";
  return {
    measures: [
      ...(roles.score ? [medianMeasure(summary)] : []),
      ...parts.flatMap(({ kind, table }) => rateMeasures(table, kind, input, kind.id === countsOf)),
    ],
    figures: parts.map(({ kind, table }) => ratioFigure(table, kind)).filter((figure) => figure !== null),
    tables: parts.map(({ kind, table }) => summaryTable(table, kind, input)),
  };
}

/** The full sample's median, unknown categories included: the middle score, or halfway between the middle two. */
function medianMeasure({ search, above }: ImpactSummary): Measure {
  const state = searchState(search);
  const n = search[0]?.found.counts.reduce((sum, count) => sum + count, 0) ?? 0;
  if (state.kind !== "found") return { metric: "median-score", value: null, n, reason: "no row has a score" };
  const upper = state.upper ?? above?.next[0] ?? state.lower;
  const value = state.lower + (upper - state.lower) / 2;
  return Number.isFinite(value)
    ? { metric: "median-score", value, n, method: "exact" }
    : { metric: "median-score", value: null, n, reason: "the middle scores are not finite" };
}

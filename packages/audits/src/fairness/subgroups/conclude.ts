import type { AuditContext, Conclusion } from "../../define.ts";
import { type Confirmed, confirmSlices } from "./confirm.ts";
import { slicesFigure } from "./figures.ts";
import { type Kind, kindOf } from "./kinds.ts";
import { subgroupMeasures } from "./measures.ts";
import { type Place, placeSlices } from "./merge-slices.ts";
import type { Progress } from "./progress.ts";
import { searchedColumns } from "./searched-columns.ts";
import type { Input } from "./settings.ts";
import { progressOf, type SubgroupsSummary } from "./summary.ts";
import { slicesTable } from "./tables.ts";
import type { Names } from "./words.ts";

/** All that is known once the search has ended. */
export interface Outcome {
  readonly kind: Kind;
  readonly names: Names;
  readonly progress: Progress;
  /** The found slices, best score first. */
  readonly slices: readonly Confirmed[];
  readonly places: readonly Place[];
}

export function outcomeOf(
  summary: SubgroupsSummary,
  { input, roles }: Pick<AuditContext<Input>, "input" | "roles">,
): Outcome {
  const columns = searchedColumns(input, roles);
  const progress = progressOf(summary, input, columns);
  const slices = confirmSlices(progress.found, progress.totals, input.confidence);
  const pairs = summary.part.stage === "overlap" ? summary.part.pairs : new Float64Array(0);
  return {
    kind: kindOf(input, roles),
    names: { columns: columns.map((column) => column.name), bins: progress.columns },
    progress,
    slices,
    places: placeSlices(slices, pairs, progress.totals, input),
  };
}

/** What was concluded, with what its sentences are made of. */
export interface SubgroupsConclusion extends Conclusion {
  readonly outcome: Outcome;
}

export function concludeSubgroups(
  summary: SubgroupsSummary,
  context: Pick<AuditContext<Input>, "input" | "roles">,
): SubgroupsConclusion {
  const outcome = outcomeOf(summary, context);
  const figure = slicesFigure(outcome, context.input);
  return {
    outcome,
    measures: subgroupMeasures(outcome, context.input),
    figures: figure ? [figure] : [],
    tables: outcome.slices.length > 0 ? [slicesTable(outcome, context.input)] : [],
  };
}

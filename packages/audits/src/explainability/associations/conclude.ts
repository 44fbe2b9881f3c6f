import type { Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { fidelityMeasures } from "./fidelity.ts";
import { informationFigure, treeFigure } from "./figures.ts";
import { informationMeasures } from "./information.ts";
import { advance } from "./progress.ts";
import type { AssociationsInput } from "./settings.ts";
import type { AssociationsSummary } from "./summary.ts";
import { informationTable, rulesTable } from "./tables.ts";
import { targetText, targetWord } from "./target.ts";

export async function concludeAssociations(
  summary: AssociationsSummary,
  context: AuditContext<AssociationsInput>,
): Promise<Conclusion> {
  const { input, roles } = context;
  const progress = advance(summary.progress, summary.part, input, roles);
  const what = targetWord(roles);
  const target = targetText(roles);
  const measures: Measure[] = [
    { metric: "count", value: progress.rows },
    { metric: "missing-count", value: progress.missing },
    ...(await informationMeasures(progress, context)),
    ...fidelityMeasures(progress.tree, input.confidence),
  ];
  const information = informationFigure(measures, input.confidence, what);
  return {
    measures,
    figures: [...(information ? [information] : []), treeFigure(progress.tree, progress.binnings, what, target)],
    tables: [informationTable(measures, what), rulesTable(progress.tree, progress.binnings, target, input.confidence)],
  };
}

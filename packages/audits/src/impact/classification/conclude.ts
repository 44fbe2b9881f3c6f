import type { Figure, Measure, Table } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { confusionStream } from "../../metrics/classes/index.ts";
import { calibrationStream } from "../../metrics/scores/index.ts";
import { scoreCurve } from "../../statistics/score-curve.ts";
import { classMeasures } from "./class-measures.ts";
import { binaryNames } from "./class-names.ts";
import { completeTable, mostClasses } from "./confusion.ts";
import { confusionFigure, scoreFigures } from "./figures.ts";
import { scoreMeasures } from "./score-measures.ts";
import type { ClassificationInput } from "./settings.ts";
import type { ClassificationSummary } from "./summary.ts";
import { reportTable, summaryTable } from "./tables.ts";

export async function concludeClassification(
  summary: ClassificationSummary,
  context: AuditContext<ClassificationInput>,
): Promise<Conclusion> {
  const { input, roles, plan, device } = context;
  const { bins, confidence, replicates } = input;
  const measures: Measure[] = [];
  const figures: Figure[] = [];
  const tables: Table[] = [];
  const binary = binaryNames(summary.labels, roles);

  const { confusion } = summary;
  if (confusion?.names) {
    const isBinary = roles.decision !== null;
    const { table, missing } = completeTable(isBinary ? withBothClasses(confusion) : confusion);
    const names = isBinary ? binary : confusion.names;
    const options = { confidence, replicates, seed: plan.seed, stream: confusionStream, device };
    measures.push(...(await classMeasures(table, names, isBinary ? 1 : null, options)));
    measures.push({ metric: "missing-count", value: missing + summary.weightless });
    tables.push(reportTable(measures, names));
    const figure = confusionFigure(table, names);
    if (figure) figures.push(figure);
  } else if (confusion) {
    const reason = `more than ${mostClasses} classes; numbers predicted by a regression are not classes`;
    for (const metric of ["accuracy", "f1-macro", "f1-weighted"]) measures.push({ metric, value: null, reason });
  }

  if (summary.scores) {
    const curve = scoreCurve(summary.scores.entries);
    const options = { bins, confidence, replicates, seed: plan.seed, stream: calibrationStream };
    measures.push(...scoreMeasures(curve, options));
    if (!confusion) measures.push({ metric: "missing-count", value: summary.scores.missing + summary.weightless });
    figures.push(...scoreFigures(curve, binary, measures, { bins, confidence }));
  }
  tables.push(summaryTable(measures));
  return { measures, figures, tables };
}

/** A binary table has both classes, "0" and "1", whether they occur or not. */
function withBothClasses(confusion: NonNullable<ClassificationSummary["confusion"]>): typeof confusion {
  const names = ["0", "1"];
  const own = confusion.names ?? [];
  const map = [...own.map((name) => names.indexOf(name)), 2];
  const spread = <T>(values: ArrayLike<T>, empty: T): T[] => {
    const all = new Array<T>(9).fill(empty);
    for (const [row, toRow] of map.entries()) {
      for (const [column, toColumn] of map.entries()) {
        all[toRow * 3 + toColumn] = values[row * map.length + column] ?? empty;
      }
    }
    return all;
  };
  const { weights } = confusion;
  return {
    names,
    counts: Float64Array.from(spread(confusion.counts, 0)),
    weights: weights && { sums: spread(weights.sums, "0"), squares: spread(weights.squares, "0") },
  };
}

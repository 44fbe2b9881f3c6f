import { type CodedTable, coded, compareCodePoints, numbers } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { readWeights } from "../../row-weights.ts";
import { gatherScores, mergeScores, type ScoreEntries } from "../../score-entries.ts";
import { type Confusion, countConfusion, mergeConfusion } from "./confusion.ts";

export type ClassificationSummary = {
  /** Decision or prediction against the label; null where only a score is given. Binary tables name classes "0" and "1". */
  readonly confusion: Confusion | null;
  readonly scores: { readonly entries: ScoreEntries; readonly missing: number } | null;
  /** The first texts of the label column that occur: enough to name the two classes of a binary label. */
  readonly labels: readonly string[];
  /** Rows left out because they have no weight. */
  readonly weightless: number;
};

/** Three texts are enough to tell two from more. */
const firstLabels = 3;

export async function measureClassification(
  rows: CodedTable,
  context: AuditContext<unknown>,
): Promise<ClassificationSummary> {
  const { roles, device } = context;
  if (!roles.labelText) throw new AssayError("internal", "classification: the plan has no label");
  const text = coded(rows, roles.labelText);
  const weighting = readWeights(rows, roles);
  let confusion: Confusion | null = null;
  if (roles.decision && roles.label) {
    const label = coded(rows, roles.label);
    confusion = await countConfusion(device, label, coded(rows, roles.decision), rows.rows, weighting);
  } else if (roles.prediction) {
    confusion = await countConfusion(device, text, coded(rows, roles.prediction), rows.rows, weighting);
  }
  const { weights, counts } = weighting;
  const scores =
    roles.score && roles.label
      ? await gatherScores(device, {
          label: coded(rows, roles.label).codes,
          scores: numbers(rows, roles.score).values,
          weights,
          counts,
        })
      : null;
  const seen = new Uint8Array(text.levels.length + 1);
  for (let row = 0; row < rows.rows; row++) if (counts?.[row] !== 0) seen[text.codes[row] ?? 0] = 1;
  const labels = text.levels.filter((_, index) => seen[index + 1] === 1);
  return { confusion, scores, labels: firstOf(labels), weightless: weighting.weightless };
}

/** Associative and commutative. */
export function mergeClassification(a: ClassificationSummary, b: ClassificationSummary): ClassificationSummary {
  return {
    confusion: a.confusion && b.confusion && mergeConfusion(a.confusion, b.confusion),
    scores: a.scores &&
      b.scores && {
        entries: mergeScores(a.scores.entries, b.scores.entries),
        missing: a.scores.missing + b.scores.missing,
      },
    labels: firstOf([...a.labels, ...b.labels]),
    weightless: a.weightless + b.weightless,
  };
}

/** By code point only: the first of a union must be among the firsts of its parts. */
function firstOf(labels: readonly string[]): string[] {
  return [...new Set(labels)].sort(compareCodePoints).slice(0, firstLabels);
}

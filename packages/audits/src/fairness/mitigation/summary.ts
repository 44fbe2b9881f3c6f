import type { CodedTable } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { MeasureContext, Shards, Step } from "../../define.ts";
import { learnsFrom } from "./chosen.ts";
import { type LearnedAnew, learnAnew } from "./learner/measure.ts";
import { type OutcomeTable, tabulate } from "./outcomes.ts";
import { type GroupValues, type LeftOut, type Rows, readRows } from "./rows.ts";
import type { MitigationInput } from "./settings.ts";
import { decideByThresholds, measureThresholds, type ThresholdCells } from "./threshold/measure.ts";

export type MitigationSummary = {
  readonly groups: readonly { readonly values: readonly (string | null)[]; readonly known: boolean }[];
  readonly leftOut: LeftOut;
  readonly outcomes: OutcomeTable;
  /** Row by row, where each row is one person: 0 left out, 1 learned from, 2 held out. */
  readonly part: Uint8Array | null;
  /** u8[rows]: the decision after, by the row's own draw. */
  readonly after: Uint8Array | null;
  /** float64[rows]: the chance of a positive decision, before the draw. */
  readonly chance: Float64Array | null;
  /** Held-out rows whose decision is drawn rather than certain. */
  readonly drawn: number;
  /** By way of the same learner without the constraint: from before to it, and from it to after. Null where that is before. */
  readonly steps: { readonly cut: OutcomeTable; readonly constraint: OutcomeTable } | null;
  readonly thresholds: ThresholdCells | null;
  readonly learned: LearnedAnew | null;
  /** What other tolerances give, where a method that learns anew has one. */
  readonly front: readonly { readonly tolerance: number; readonly outcomes: OutcomeTable }[];
};

/** One step: a rule is learned from all rows together. */
export function planMitigation({ rows }: Shards): readonly { start: number; end: number; detail: null }[] {
  return [{ start: 0, end: rows, detail: null }];
}

export async function measureMitigation(
  table: CodedTable,
  _step: Step,
  context: MeasureContext<MitigationInput>,
): Promise<MitigationSummary> {
  const { input, plan } = context;
  const rows = await readRows(table, context);
  checkParts(rows, input);
  const thresholds = learnsFrom(input.method) === "score" ? await measureThresholds(rows, context) : null;
  const { decided, unconstrained, learned, front } =
    thresholds === null
      ? { ...(await learnAnew(rows, context)), unconstrained: null }
      : { ...decideByThresholds(rows, thresholds, context), learned: null, front: [] };
  const { outcomes, after, drawn } = tabulate(rows, decided, plan.seed);
  const between = (before: Uint8Array, chance: Float64Array): OutcomeTable =>
    tabulate(rows, { before, chance }, plan.seed).outcomes;
  return {
    groups: rows.groups.map(({ values, known }: GroupValues) => ({ values, known })),
    leftOut: rows.leftOut,
    outcomes,
    part: after === null ? null : partOfRows(rows),
    after,
    chance: after === null ? null : decided.chance,
    drawn,
    steps:
      unconstrained === null
        ? null
        : {
            cut: between(decided.before, Float64Array.from(unconstrained)),
            constraint: between(unconstrained, decided.chance),
          },
    thresholds,
    learned,
    front: front.map(({ tolerance, chance }) => ({
      tolerance,
      outcomes: between(decided.before, chance),
    })),
  };
}

/** Nothing to merge: there is one step. */
export function mergeMitigation(): MitigationSummary {
  throw new AssayError("internal", "mitigation: a rule is learned in one step, from all rows");
}

function checkParts(rows: Rows, input: MitigationInput): void {
  const total = (times: Float64Array): number => times.reduce((sum, one) => sum + one, 0);
  for (const [part, rowsOf] of [
    ["learn from", total(rows.train)],
    ["hold out", total(rows.test)],
  ] as const) {
    if (rowsOf > 0) continue;
    const cure =
      input.split === ""
        ? "give more rows, or another share with test"
        : `column "${input.split}" must say train or test of each row`;
    throw new AssayError("data-invalid", `mitigation: no row with label and score is left to ${part}; ${cure}`);
  }
}

function partOfRows({ train, test }: Rows): Uint8Array {
  return Uint8Array.from(train, (times, row) => (times > 0 ? 1 : (test[row] ?? 0) > 0 ? 2 : 0));
}

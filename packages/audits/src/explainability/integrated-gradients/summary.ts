import type { CodedTable } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import {
  type AttributionBlock,
  type Attributions,
  drawnRows,
  type ExplainedDecision,
  mergeByRow,
} from "../../attributions/attribution.ts";
import { heightsOf, valueText } from "../../attributions/row-values.ts";
import type { MeasureContext, Shards, Step } from "../../define.ts";
import { throwIfAborted } from "../../run.ts";
import { integrate } from "./integrate.ts";
import type { IntegratedGradientsInput } from "./settings.ts";

/** Rows of a step: fixed, so that no sum depends on how a run is cut. */
const stepRows = 4_096;

export type IntegratedGradientsBlock = AttributionBlock & {
  /** Rows of the step, those with a missing input too. */
  readonly all: number;
  /** Largest |base + Σ values − score|. */
  readonly gap: number;
  /** Rows whose values miss the score by more than the tolerance. */
  readonly beyond: number;
  /** Most points on the way that a row took. */
  readonly points: number;
};

export type IntegratedGradientsSummary = Attributions & {
  readonly blocks: { readonly [start: string]: IntegratedGradientsBlock };
};

export function planIntegratedGradients({ rows }: Shards): readonly { start: number; end: number; detail: null }[] {
  return Array.from({ length: Math.max(1, Math.ceil(rows / stepRows)) }, (_, index) => ({
    start: index * stepRows,
    end: Math.min(rows, (index + 1) * stepRows),
    detail: null,
  }));
}

export async function measureIntegratedGradients(
  rows: CodedTable,
  step: Step,
  { input, roles, model, signal, table }: MeasureContext<IntegratedGradientsInput>,
): Promise<IntegratedGradientsSummary> {
  if (model === null || roles.model === null) throw new AssayError("internal", "integrated-gradients: no model");
  const own = roles.model.inputs;
  const inputs = own.length;
  const gradients = model.gradients();
  const start = input.baseline === "mean" ? gradients.columns(table).map(meanOf) : own.map(() => 0);
  const [base = Number.NaN] = await gradients.score(start.map((value) => Float64Array.of(value)));
  const baseline = { values: Float64Array.from(start), score: base };
  const check = () => throwIfAborted(signal);
  const { values, scores, gaps, points } = await integrate(
    gradients,
    gradients.columns(rows),
    baseline,
    input.tolerance,
    check,
  );
  const sums = {
    magnitudes: new Float64Array(inputs),
    squares: new Float64Array(inputs),
    sums: new Float64Array(inputs),
  };
  const asked = new Set(input.decisions.filter((row) => row >= step.start && row < step.end));
  const decisions: Record<string, ExplainedDecision> = {};
  let [used, gap, beyond] = [0, 0, 0];
  for (let row = 0; row < rows.rows; row++) {
    const missed = gaps[row] ?? Number.NaN;
    if (Number.isNaN(missed)) continue;
    used++;
    gap = Math.max(gap, missed);
    if (missed > input.tolerance * Math.max(1, Math.abs((scores[row] ?? 0) - base))) beyond++;
    const parts = values.subarray(row * inputs, (row + 1) * inputs);
    for (const [place, value] of parts.entries()) {
      sums.sums[place] = (sums.sums[place] ?? 0) + value;
      sums.magnitudes[place] = (sums.magnitudes[place] ?? 0) + Math.abs(value);
      sums.squares[place] = (sums.squares[place] ?? 0) + value * value;
    }
    if (asked.has(step.start + row)) {
      decisions[String(step.start + row)] = {
        values: parts.slice(),
        output: scores[row] ?? Number.NaN,
        texts: own.map((one) => valueText(one, rows, row)),
      };
    }
  }
  const written = Math.max(0, Math.min(rows.rows, Math.max(input.rows, drawnRows) - step.start));
  return {
    base,
    blocks: {
      [step.start]: {
        rows: used,
        all: rows.rows,
        ...sums,
        gap,
        beyond,
        points,
        values: values.slice(0, written * inputs),
        outputs: scores.slice(0, written),
      },
    },
    heights: step.start === 0 ? own.map((one) => heightsOf(one, table, Math.min(drawnRows, table.rows))) : [],
    decisions,
  };
}

export function mergeIntegratedGradients(
  a: IntegratedGradientsSummary,
  b: IntegratedGradientsSummary,
): IntegratedGradientsSummary {
  return {
    ...a,
    heights: a.heights.length > 0 ? a.heights : b.heights,
    blocks: mergeByRow(a.blocks, b.blocks),
    decisions: mergeByRow(a.decisions, b.decisions),
  };
}

/** The mean of the values that are not missing, in the order of the rows; 0 where all are. */
function meanOf(column: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const value of column) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

import { confusionOf, type OutcomeTable } from "../outcomes.ts";
import type { GroupValues } from "../rows.ts";
import type { MitigationInput } from "../settings.ts";
import { type ScoreCells, strata } from "./cells.ts";
import { type Learned, learn } from "./learn.ts";
import { lessonOf, ruleOf, type ThresholdCells } from "./measure.ts";
import { acceptance } from "./mixture.ts";

/** The rules at a tolerance, and what is expected of them on held-out rows. */
export function atTolerance(
  cells: ThresholdCells,
  groups: readonly GroupValues[],
  input: MitigationInput,
  tolerance: number,
): { readonly learned: Learned; readonly outcomes: OutcomeTable } {
  const learned = learn(lessonOf(cells, groups, input, tolerance));
  return { learned, outcomes: expectedOutcomes(cells, learned) };
}

/** Expected decisions of rules, without a draw: the joint table holds what they were before alone. */
export function expectedOutcomes({ train, test, decided }: ThresholdCells, learned: Learned): OutcomeTable {
  const groups = train.sizes.length;
  const make = (cells: number) => ({
    counts: new Float64Array(groups * cells),
    sums: train.weights ? new Float64Array(groups * cells) : null,
    squares: train.weights ? new Float64Array(groups * cells) : null,
  });
  const joint = make(16);
  const expected = make(4);
  for (const [part, cells] of [train, test].entries()) {
    forEachCell(cells, (group, score, weight, stratum, count) => {
      const yes = stratum >> 1;
      const place = (group * 2 + part) * 2 + yes;
      const before = decided ? stratum & 1 : acceptance(learned.plain, score);
      const chance = acceptance(ruleOf(learned, group), score);
      for (const [table, cell, times] of [
        [joint, (place * 2 + before) * 2, count],
        [expected, place, count * chance],
      ] as const) {
        table.counts[cell] = (table.counts[cell] ?? 0) + times;
        if (table.sums) table.sums[cell] = (table.sums[cell] ?? 0) + weight * times;
        if (table.squares) table.squares[cell] = (table.squares[cell] ?? 0) + weight * weight * times;
      }
    });
  }
  return { joint, expected };
}

function forEachCell(
  { sizes, scores, weights, rows }: ScoreCells,
  visit: (group: number, score: number, weight: number, stratum: number, count: number) => void,
): void {
  let entry = 0;
  for (const [group, size] of sizes.entries()) {
    for (const end = entry + size; entry < end; entry++) {
      for (let stratum = 0; stratum < strata; stratum++) {
        const count = rows[stratum * scores.length + entry] ?? 0;
        if (count > 0) visit(group, scores[entry] ?? 0, weights?.[entry] ?? 1, stratum, count);
      }
    }
  }
}

/** The greatest gap of a constraint's rates that rules without it leave among the rows learned from. */
export function widestGap(outcomes: OutcomeTable, learned: Learned, constraint: MitigationInput["constraint"]): number {
  const rates = learned.own.flatMap((own, group) => {
    if (!own) return [];
    const { counts, weights } = confusionOf(outcomes, [group], "train", "after");
    const { tp, fp, fn, tn } = weights?.sums ?? counts;
    return [{ tpr: tp / (tp + fn), fpr: fp / (fp + tn), selection: (tp + fp) / (tp + fp + fn + tn) }];
  });
  const range = (values: readonly number[]): number => {
    const defined = values.filter((value) => !Number.isNaN(value));
    return defined.length === 0 ? 0 : most(defined) - least(defined);
  };
  const [tpr, fpr] = [range(rates.map((rate) => rate.tpr)), range(rates.map((rate) => rate.fpr))];
  switch (constraint) {
    case "demographic-parity":
      return range(rates.map((rate) => rate.selection));
    case "equalized-odds":
      return Math.max(tpr, fpr);
    case "true-positive-rate-parity":
      return tpr;
    case "false-positive-rate-parity":
      return fpr;
  }
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

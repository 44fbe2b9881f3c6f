import { numbers } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import type { Decided } from "../outcomes.ts";
import type { GroupValues, Rows } from "../rows.ts";
import type { MitigationInput } from "../settings.ts";
import { pooledScores, rowsOfGroups, type ScoreCells, scoreCells, scoresOfGroups } from "./cells.ts";
import { type Learned, type Lesson, learn } from "./learn.ts";
import { acceptance, type Mixture } from "./mixture.ts";

/** Sorted scores of the rows learned from and of those held out; `decided` where decisions before come with the data. */
export type ThresholdCells = { readonly train: ScoreCells; readonly test: ScoreCells; readonly decided: boolean };

export async function measureThresholds(rows: Rows, context: AuditContext<MitigationInput>): Promise<ThresholdCells> {
  const { roles, device } = context;
  if (!roles.score) throw new AssayError("internal", "mitigation: the plan has no score");
  return {
    train: await scoreCells(device, rows, roles.score, rows.train),
    test: await scoreCells(device, rows, roles.score, rows.test),
    decided: rows.decision !== null,
  };
}

/** What is learned from, at the plan's tolerance or another. */
export function lessonOf(
  { train }: ThresholdCells,
  groups: readonly GroupValues[],
  input: MitigationInput,
  tolerance = input.tolerance,
): Lesson {
  const scores = scoresOfGroups(train);
  const rows = rowsOfGroups(train);
  return {
    groups: scores,
    pooled: pooledScores(scores),
    may: groups.map(({ known }, index) => known && (rows[index] ?? 0) >= Math.max(1, input.min_count)),
    constraint: input.constraint,
    tolerance,
    objective: input.objective,
  };
}

/** Decisions before, chances after, and the decisions of the rules without the constraint: u8[rows]. */
export function decideByThresholds(
  rows: Rows,
  cells: ThresholdCells,
  { input, roles }: AuditContext<MitigationInput>,
): { readonly decided: Decided; readonly unconstrained: Uint8Array } {
  if (!roles.score) throw new AssayError("internal", "mitigation: the plan has no score");
  const learned = learn(lessonOf(cells, rows.groups, input));
  const { values } = numbers(rows.table, roles.score);
  const before = new Uint8Array(rows.table.rows);
  const chance = new Float64Array(rows.table.rows);
  const unconstrained = new Uint8Array(rows.table.rows);
  for (let row = 0; row < chance.length; row++) {
    const score = values[row] ?? Number.NaN;
    if (Number.isNaN(score)) continue;
    const group = rows.group[row] ?? 0;
    chance[row] = acceptance(ruleOf(learned, group), score);
    // One threshold: where no gap binds, a corner of the hull is as good as any mixture.
    unconstrained[row] = acceptance(learned.unconstrained[group] ?? learned.plain, score);
    before[row] = rows.decision ? Number(rows.decision[row] === 2) : acceptance(learned.plain, score);
  }
  return { decided: { before, chance }, unconstrained };
}

export function ruleOf(learned: Learned, group: number): Mixture {
  return learned.rules[group] ?? learned.pooled;
}

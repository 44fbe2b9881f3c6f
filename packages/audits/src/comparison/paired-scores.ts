import { type Device, ranks } from "@assay/compute";
import { coded, numbers } from "@assay/dataset";
import { brierScore, squaredError } from "../metrics/scores/brier-score.ts";
import { noProbability, type ScoreMetric } from "../metrics/scores/index.ts";
import { logLoss, mostSurprise, surprise } from "../metrics/scores/log-loss.ts";
import { rocAuc } from "../metrics/scores/roc-auc.ts";
import { readWeights } from "../row-weights.ts";
import { entriesOf } from "../score-entries.ts";
import { type Interval, pairedAuc, pairedLoss, type ScoredPairs, scoreCurve } from "../statistics/index.ts";
import type { ComparedRun, PairedRows } from "./pair-rows.ts";
import { groupColumn } from "./paired-cells.ts";

/** Rows that both sides give a score, with the label and groups that both agree on. */
export interface PairedScores {
  readonly pairs: ScoredPairs;
  /** Protected columns that both plans have. */
  readonly columns: readonly string[];
  /** u32[rows] of each column: 0 is unknown, else the place in `levels` and one more. */
  readonly codes: readonly Uint32Array[];
  readonly levels: readonly (readonly string[])[];
  /** Both sides' scores all lie in [0, 1]. */
  readonly probabilities: boolean;
}

/** A metric of both sides' scores over the same rows. */
export interface PairedScoreDifference {
  readonly metric: ScoreMetric;
  readonly a: SideScore;
  readonly b: SideScore;
  /** b − a; null where a side is not defined, with the reason. */
  readonly difference: { readonly value: number; readonly interval: Interval; readonly p: number } | null;
  readonly reason: string | null;
  readonly method: string;
  /** Rows that it stands on. */
  readonly n: number;
}

interface SideScore {
  readonly value: number | null;
  readonly interval: Interval | null;
}

/** Metrics of scores that are compared row by row, alphabetical; null: scores are compared by their ranks. */
const compared = [
  { metric: brierScore, loss: squaredError, most: 1 },
  { metric: logLoss, loss: surprise, most: mostSurprise },
  { metric: rocAuc, loss: null, most: 1 },
] as const;

/**
 * Reads the scores of paired rows. Null where a plan gives no score or no binary label: then there is nothing to compare. Rows
 * without a score on a side, without a label, or of another label, group or weight on the other side are left out.
 */
export function pairScores(
  a: ComparedRun,
  b: ComparedRun,
  rows: PairedRows,
  columns: readonly string[],
): PairedScores | null {
  const [left, right] = [readSide(a, columns), readSide(b, columns)];
  if (left === null || right === null) return null;
  const weighted = left.weights !== null && right.weights !== null;
  const kept: number[] = [];
  for (let pair = 0; pair < rows.a.length; pair++) {
    const [rowA, rowB] = [rows.a[pair] ?? 0, rows.b[pair] ?? 0];
    const label = left.label[rowA] ?? 0;
    if (label === 0 || label !== right.label[rowB]) continue;
    if (Number.isNaN(left.scores[rowA]) || Number.isNaN(right.scores[rowB])) continue;
    if ((left.weights?.[rowA] ?? 1) !== (right.weights?.[rowB] ?? 1)) continue;
    if (weighted && !((left.weights?.[rowA] ?? 0) > 0)) continue;
    if (columns.every((_, place) => left.textOf(place, rowA) === right.textOf(place, rowB))) kept.push(pair);
  }
  const of = (values: ArrayLike<number>, side: "a" | "b"): Float64Array =>
    Float64Array.from(kept, (pair) => values[rows[side][pair] ?? 0] ?? Number.NaN);
  const pairs: ScoredPairs = {
    a: of(left.scores, "a"),
    b: of(right.scores, "b"),
    labels: Uint8Array.from(kept, (pair) => (left.label[rows.a[pair] ?? 0] ?? 1) - 1),
    weights: weighted && left.weights !== null ? of(left.weights, "a") : null,
  };
  const inRange = (scores: Float64Array): boolean => scores.every((score) => score >= 0 && score <= 1);
  return {
    pairs,
    columns,
    codes: left.groups.map(({ codes }) => Uint32Array.from(kept, (pair) => codes[rows.a[pair] ?? 0] ?? 0)),
    levels: left.groups.map(({ levels }) => levels),
    probabilities: inRange(pairs.a) && inRange(pairs.b),
  };
}

function readSide({ prepared: { roles }, table }: ComparedRun, columns: readonly string[]) {
  if (roles.score === null || roles.label === null) return null;
  const groups = columns.map((column) => groupColumn(table, roles, column));
  return {
    label: coded(table, roles.label).codes,
    scores: numbers(table, roles.score).values,
    weights: readWeights(table, roles).weights,
    groups,
    textOf: (place: number, row: number): string | null => {
      const code = groups[place]?.codes[row] ?? 0;
      return code === 0 ? null : (groups[place]?.levels[code - 1] ?? null);
    },
  };
}

/** The rows of every group of some columns, by the group's values as JSON. */
export function scoreGroups(scores: PairedScores, names: readonly string[]): ReadonlyMap<string, Uint32Array> {
  const places = names.map((name) => scores.columns.indexOf(name));
  const rows = new Map<string, number[]>();
  for (let row = 0; row < scores.pairs.labels.length; row++) {
    const values = places.map((place) => {
      const code = scores.codes[place]?.[row] ?? 0;
      return code === 0 ? null : (scores.levels[place]?.[code - 1] ?? null);
    });
    const key = JSON.stringify(values);
    const held = rows.get(key);
    if (held === undefined) rows.set(key, [row]);
    else held.push(row);
  }
  return new Map([...rows].map(([key, list]) => [key, Uint32Array.from(list)]));
}

/**
 * AUC, Brier score and log loss of both sides on some rows, and their differences: DeLong's for AUC, Student's paired on the
 * rows' own losses for the others.
 * @param rows null: all
 */
export async function compareScores(
  device: Device,
  scores: PairedScores,
  rows: Uint32Array | null,
  confidence: number,
): Promise<PairedScoreDifference[]> {
  const pairs = rows === null ? scores.pairs : chosen(scores.pairs, rows);
  const curves = { a: await curveOf(device, pairs, "a"), b: await curveOf(device, pairs, "b") };
  const n = pairs.labels.length;
  const options = { confidence, bins: 1, replicates: 1, seed: 0, stream: 0 };
  return compared.map(({ metric, loss, most }): PairedScoreDifference => {
    const method = loss === null ? "paired-delong" : "paired-moments";
    const none = { value: null, interval: null };
    const unknown = (reason: string) => ({ metric, a: none, b: none, difference: null, reason, method, n });
    if (metric.probability && !scores.probabilities) return unknown(noProbability);
    const [a, b] = [metric.estimate(curves.a, options), metric.estimate(curves.b, options)];
    if (a === null || b === null) return unknown(metric.undefinedReason);
    const difference =
      loss === null ? pairedAuc(pairs, confidence) : pairedLoss(gains(pairs, loss), pairs.weights, confidence, most);
    if (difference === null) return unknown(metric.undefinedReason);
    const side = ({ value, low, high }: typeof a): SideScore => ({ value, interval: { low, high } });
    return { metric, a: side(a), b: side(b), difference, reason: null, method, n };
  });
}

function gains({ a, b, labels }: ScoredPairs, loss: (score: number, label: 0 | 1) => number): Float64Array {
  return a.map((score, row) => {
    const label = labels[row] === 1 ? 1 : 0;
    return loss(b[row] ?? 0, label) - loss(score, label);
  });
}

function chosen({ a, b, labels, weights }: ScoredPairs, rows: Uint32Array): ScoredPairs {
  const of = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row] ?? Number.NaN);
  return {
    a: of(a),
    b: of(b),
    labels: Uint8Array.from(rows, (row) => labels[row] ?? 0),
    weights: weights === null ? null : of(weights),
  };
}

async function curveOf(device: Device, { labels, weights, ...sides }: ScoredPairs, side: "a" | "b") {
  const codes = labels.map((label) => label + 1);
  const sorted = await ranks(device, {
    ...{ scores: sides[side], weights, parts: null, counts: null, order: false },
    strata: { codes, size: 3 },
  });
  return scoreCurve(entriesOf(sorted));
}

import type { Device } from "@assay/compute";
import {
  AssayError,
  type ComparedMeasure,
  type ComparedVerdict,
  type Comparison,
  comparisonFormat,
  type LocalizedText,
} from "@assay/schema";
import type { Metric } from "../metrics/index.ts";
import { throwIfAborted } from "../run.ts";
import { holm, type ScoredPairs } from "../statistics/index.ts";
import { comparedMetrics } from "./compared-metrics.ts";
import { bootstrapDraws, exchangeDraws } from "./draws.ts";
import { judgeComparison, overallVerdict } from "./judge.ts";
import { type ComparedRun, pairRows } from "./pair-rows.ts";
import { groupsBy, type PairedGroup, type PairedTable, pairTables } from "./paired-cells.ts";
import { type GroupDraws, pairedDifference } from "./paired-difference.ts";
import { pairedGaps } from "./paired-gaps.ts";
import { compareScores, type PairedScoreDifference, pairScores, scoreGroups } from "./paired-scores.ts";

export interface CompareOptions {
  readonly device: Device;
  readonly signal: AbortSignal;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Draws of the bootstrap and of the exchange test, default 10,000. */
  readonly replicates?: number;
  readonly seed?: number;
  /** Groups of fewer rows take no part in gaps, default 30. */
  readonly minCount?: number;
  readonly onProgress?: (fraction: number) => void;
}

/** What of the two sides stands in the comparison beside its numbers. */
export type ComparedSides = Pick<Comparison, "a" | "b">;

/** A comparison row by row, or why rows cannot be paired. */
export type PairedComparison = { readonly comparison: Comparison } | { readonly unpaired: LocalizedText };

/** Raised whenever a number of a paired comparison may change. */
export const comparisonVersion = 2;

/** Draws of more than so many tables at once are thinned: 10,000 groups must not fill the memory. */
const mostDraws = 40_000_000;

/**
 * Compares the decisions of two runs, and their scores where both have one, on the rows that they share: overall, by group, and
 * the gaps of decisions over groups, each with a paired interval and test, Holm-adjusted within overall and within each set of
 * columns.
 * @throws AssayError plan-invalid where a plan gives no decision; data-invalid for ids that repeat; cancelled
 */
export async function compareRuns(
  a: ComparedRun,
  b: ComparedRun,
  sides: ComparedSides,
  options: CompareOptions,
): Promise<PairedComparison> {
  const { confidence = 0.95, seed = 0, minCount = 30 } = options;
  const pairs = pairRows(a, b);
  if (!("a" in pairs)) return { unpaired: pairs };
  const table = pairTables(a, b, pairs);
  if (table.rows === 0) {
    throw new AssayError(
      "data-invalid",
      `${a.name} and ${b.name}: no row has a decision on both sides and the same label and groups`,
    );
  }
  const groupings = a.prepared.roles.groupings.filter((names) => names.every((name) => table.columns.includes(name)));
  const asked = Math.max(1, options.replicates ?? 10_000);
  const widest = Math.max(1, ...groupings.map((names) => groupsBy(table, names).length));
  const replicates = Math.max(200, Math.min(asked, Math.floor(mostDraws / (widest * 24))));
  const draws = new DrawSource(options, seed, replicates);

  const scores = pairScores(a, b, pairs, table.columns);
  const { device } = options;
  const overall = await compareGroup(everyone(table), comparedMetrics, draws, confidence);
  if (scores !== null)
    overall.push(...scoreMeasures(await compareScores(device, scores, null, confidence), confidence));
  const families: ComparedMeasure[][] = [adjusted(overall, confidence)];
  for (const [index, names] of groupings.entries()) {
    throwIfAborted(options.signal);
    const groups = groupsBy(table, names);
    const family: Compared[] = [];
    const held = new Map<PairedGroup, GroupDraws>();
    const scored = scores === null ? null : scoreGroups(scores, names);
    for (const [at, group] of groups.entries()) {
      throwIfAborted(options.signal);
      options.onProgress?.((index + at / groups.length) / groupings.length);
      const own = await draws.of(group);
      held.set(group, own);
      const values = Object.fromEntries(names.map((name, place) => [name, group.values[place] ?? null]));
      for (const one of compareWith(group, comparedMetrics, own, confidence)) {
        family.push({ ...one, measure: { ...one.measure, group: values } });
      }
      if (scores === null || scored === null) continue;
      const rows = scored.get(JSON.stringify(group.values)) ?? new Uint32Array(0);
      for (const one of scoreMeasures(await compareScores(device, scores, rows, confidence), confidence)) {
        family.push({ ...one, measure: { ...one.measure, group: values } });
      }
    }
    const known = groups.filter((group) => group.values.every((value) => value !== null) && rowsOf(group) >= minCount);
    const weighted = groups.some((group) => group.weights !== null);
    if (!weighted) {
      const drawsOf = (group: PairedGroup): GroupDraws => held.get(group) ?? noDraws;
      for (const gap of pairedGaps(comparedMetrics, known, drawsOf, confidence))
        family.push(gapMeasure(gap, names, confidence));
    }
    families.push(adjusted(family, confidence));
  }
  const measures = families.flat();
  const comparison: Comparison = {
    format: comparisonFormat,
    version: 1,
    ...sides,
    pairing: {
      kind: pairs.kind,
      column: pairs.column,
      rows: table.rows,
      onlyA: pairs.onlyA,
      onlyB: pairs.onlyB,
      disagree: table.disagree,
    },
    confidence,
    replicates,
    seed,
    verdict: overallVerdict(
      measures,
      table.rows > 0 && sameDecisions(table) && (scores === null || sameScores(scores.pairs)),
    ),
    measures,
    findings: [],
  };
  return { comparison: { ...comparison, findings: judgeComparison(comparison) } };
}

/** A number with the way that is better. */
interface Compared {
  readonly measure: Omit<ComparedMeasure, "verdict">;
  readonly better: Metric["direction"];
}

const noDraws: GroupDraws = { bootstrap: new Uint32Array(0), exchange: new Uint32Array(0) };

class DrawSource {
  #stream = 0;
  readonly #options: CompareOptions;
  readonly #seed: number;
  readonly #replicates: number;

  constructor(options: CompareOptions, seed: number, replicates: number) {
    this.#options = options;
    this.#seed = seed;
    this.#replicates = replicates;
  }

  async of(group: PairedGroup): Promise<GroupDraws> {
    const options = {
      device: this.#options.device,
      replicates: this.#replicates,
      seed: this.#seed,
      stream: this.#stream,
    };
    this.#stream += 2;
    if (group.weights !== null) return noDraws;
    return { bootstrap: await bootstrapDraws(group.counts, options), exchange: exchangeDraws(group.counts, options) };
  }
}

async function compareGroup(
  group: PairedGroup,
  metrics: readonly Metric[],
  draws: DrawSource,
  confidence: number,
): Promise<Compared[]> {
  return compareWith(group, metrics, await draws.of(group), confidence);
}

function compareWith(
  group: PairedGroup,
  metrics: readonly Metric[],
  draws: GroupDraws,
  confidence: number,
): Compared[] {
  return metrics.map((metric): Compared => {
    const found = pairedDifference(metric, group, draws.bootstrap.length > 0 ? draws : null, confidence);
    const side = ({ value, interval, n }: typeof found.a): ComparedMeasure["a"] =>
      Number.isNaN(value)
        ? { value: null, n, reason: metric.undefinedReason }
        : { value, low: interval.low, high: interval.high, n };
    return {
      better: metric.direction,
      measure: {
        metric: metric.name,
        a: side(found.a),
        b: side(found.b),
        difference: Number.isNaN(found.value) ? null : found.value,
        ...(found.interval === null ? {} : { ...found.interval, confidence }),
        ...(found.p === null ? {} : { p: found.p }),
        n: found.n,
        ...(found.method === null ? {} : { method: found.method }),
        ...(Number.isNaN(found.value) ? { reason: metric.undefinedReason } : {}),
      },
    };
  });
}

function scoreMeasures(found: readonly PairedScoreDifference[], confidence: number): Compared[] {
  return found.map(({ metric, a, b, difference, reason, method, n }): Compared => {
    const side = ({ value, interval }: typeof a): ComparedMeasure["a"] => ({
      value,
      ...(interval ?? {}),
      n,
      ...(value === null && reason !== null ? { reason } : {}),
    });
    return {
      better: metric.direction,
      measure: {
        ...{ metric: metric.name, a: side(a), b: side(b), difference: difference?.value ?? null },
        ...(difference === null ? {} : { ...difference.interval, confidence, p: difference.p }),
        ...{ n, method },
        ...(difference === null && reason !== null ? { reason } : {}),
      },
    };
  });
}

function gapMeasure(gap: ReturnType<typeof pairedGaps>[number], by: readonly string[], confidence: number): Compared {
  const metric = gap.metric === "selection-rate-difference" ? "demographic-parity-difference" : gap.metric;
  return {
    better: "lower",
    measure: {
      metric,
      by: [...by],
      a: { value: gap.a, n: gap.n },
      b: { value: gap.b, n: gap.n },
      difference: gap.value,
      low: gap.interval.low,
      high: gap.interval.high,
      confidence,
      p: gap.p,
      n: gap.n,
      method: "paired-exchange, bias-corrected, bootstrap",
    },
  };
}

/** Holm's adjustment over a family, and what each number says then. */
function adjusted(family: readonly Compared[], confidence: number): ComparedMeasure[] {
  const tested = family.filter(({ measure }) => measure.p !== undefined);
  const ps = new Map(holm(tested.map(({ measure }) => measure.p ?? 1)).map((p, index) => [tested[index]?.measure, p]));
  return family.map(({ measure, better }) => {
    const p = ps.get(measure);
    return {
      ...measure,
      ...(p === undefined ? {} : { p_adjusted: p }),
      verdict: verdictOf(measure, p, better, confidence),
    };
  });
}

function verdictOf(
  { difference, low, high }: Omit<ComparedMeasure, "verdict">,
  p: number | undefined,
  better: Metric["direction"],
  confidence: number,
): ComparedVerdict {
  if (difference === null || p === undefined) return "unknown";
  // Of shares and gaps, test and interval are found in two ways: a claim needs both.
  if (p > 1 - confidence || difference === 0 || (low ?? 0) * (high ?? 0) <= 0) return "no-evidence";
  if (better === "none") return "changed";
  return difference > 0 === (better === "higher") ? "improved" : "regressed";
}

function everyone(table: PairedTable): PairedGroup {
  const [all] = groupsBy(table, []);
  if (all === undefined) throw new AssayError("internal", "comparison: no rows");
  return all;
}

function rowsOf(group: PairedGroup): number {
  return group.counts.reduce((sum, count) => sum + count, 0);
}

function sameScores({ a, b }: ScoredPairs): boolean {
  return a.every((score, row) => score === b[row]);
}

function sameDecisions(table: PairedTable): boolean {
  return table.groups.every(({ counts }) =>
    counts.every((count, cell) => (cell & 3) === 0 || (cell & 3) === 3 || count === 0),
  );
}

import { type CodedTable, coded, numbers } from "@assay/dataset";
import { AssayError, type SummaryValue } from "@assay/schema";
import type { AuditContext, Shards, Step } from "../../define.ts";
import { mergeSearch, type SearchRound, searchScores, searchState } from "./median.ts";
import { mergeOutcomes, type OutcomeTable, outcomes, tallyOutcomes } from "./outcomes.ts";

/** Counts only: per category and outcome, and of scores on the way to their median. */
export type ImpactSummary = {
  readonly disclosure: "aggregate";
  /** Of the favourable decision; null where the plan has no decision. */
  readonly decision: readonly OutcomeTable[] | null;
  /** Rounds of the search for the median score. */
  readonly search: readonly SearchRound[];
  /** Of a score above the median; null until it is known. */
  readonly above: {
    readonly median: Float64Array;
    readonly tables: readonly OutcomeTable[];
    /** Smallest score above the lower median, Infinity where there is none: what a median between two scores needs. */
    readonly next: Float64Array;
  } | null;
};

type Context = Pick<AuditContext<unknown>, "roles" | "device">;

/** What a step is told: search scores under a prefix, or count those above the median. */
type Detail = { readonly prefix: Uint32Array } | { readonly median: Float64Array };

/** Rounds: decisions and the first look at scores; more looks if scores are many; then the counts above the median. */
export function planRounds(
  shards: Shards,
  { roles }: Pick<AuditContext<unknown>, "roles">,
  previous: { readonly summary: ImpactSummary } | null,
): readonly { readonly start: number; readonly end: number; readonly detail: SummaryValue }[] | null {
  const every = (detail: Detail): ReturnType<typeof planRounds> => shards.ranges.map((range) => ({ ...range, detail }));
  if (previous === null) return every({ prefix: new Uint32Array(0) });
  if (!roles.score) return null;
  const state = searchState(previous.summary.search);
  if (state.kind === "search") return every({ prefix: Uint32Array.from(state.prefix) });
  if (state.kind === "none" || previous.summary.above !== null) return null;
  return every({ median: Float64Array.of(state.lower) });
}

export async function measureImpact(rows: CodedTable, step: Step, context: Context): Promise<ImpactSummary> {
  const { roles, device } = context;
  const detail = readDetail(step.detail);
  const empty = { disclosure: "aggregate", decision: null, search: [], above: null } as const;
  if ("prefix" in detail) {
    const isFirst = detail.prefix.length === 0;
    return {
      ...empty,
      decision: isFirst && roles.decision ? await tallyOutcomes(rows, roles, favourable(rows, roles), device) : null,
      search: roles.score
        ? [searchScores(numbers(rows, roles.score).values, rows.counts, Array.from(detail.prefix))]
        : [],
    };
  }
  if (!roles.score) throw new AssayError("internal", "impact ratio: a median without a score");
  const { values } = numbers(rows, roles.score);
  const [median = 0] = detail.median;
  const outcome = new Uint8Array(rows.rows);
  let next = Number.POSITIVE_INFINITY;
  for (let row = 0; row < rows.rows; row++) {
    const score = values[row] ?? Number.NaN;
    if (Number.isNaN(score)) continue;
    outcome[row] = score > median ? 2 : 1;
    if (score > median && score < next && rows.counts?.[row] !== 0) next = score;
  }
  return {
    ...empty,
    above: {
      median: detail.median,
      tables: await tallyOutcomes(rows, roles, outcome, device),
      next: Float64Array.of(next),
    },
  };
}

/** Decision codes with 2 for the decision people want. */
function favourable(rows: CodedTable, roles: Context["roles"]): Uint8Array | Uint16Array | Uint32Array {
  if (!roles.decision) throw new AssayError("internal", "impact ratio: no decision");
  const { codes } = coded(rows, roles.decision);
  return roles.favourable === "1" ? codes : codes.map((code) => (code === 0 ? 0 : outcomes - code));
}

export function mergeImpact(a: ImpactSummary, b: ImpactSummary): ImpactSummary {
  const [long, short] = a.search.length >= b.search.length ? [a.search, b.search] : [b.search, a.search];
  return {
    disclosure: "aggregate",
    decision: a.decision && b.decision ? mergeOutcomes(a.decision, b.decision) : (a.decision ?? b.decision),
    search: mergeRounds(long, short),
    above: a.above && b.above ? mergeAbove(a.above, b.above) : (a.above ?? b.above),
  };
}

/** Rounds are told apart by the length of their prefix. */
function mergeRounds(a: readonly SearchRound[], b: readonly SearchRound[]): readonly SearchRound[] {
  const byDepth = new Map<number, SearchRound>();
  for (const round of [...a, ...b]) {
    const held = byDepth.get(round.prefix.length);
    if (held && held.prefix.join() !== round.prefix.join()) throw apart();
    byDepth.set(round.prefix.length, held ? mergeSearch(held, round) : round);
  }
  return [...byDepth.values()].sort((x, y) => x.prefix.length - y.prefix.length);
}

type Above = NonNullable<ImpactSummary["above"]>;

function mergeAbove(a: Above, b: Above): Above {
  if (a.median[0] !== b.median[0]) throw apart();
  return {
    median: a.median,
    tables: mergeOutcomes(a.tables, b.tables),
    next: Float64Array.of(Math.min(a.next[0] ?? Number.POSITIVE_INFINITY, b.next[0] ?? Number.POSITIVE_INFINITY)),
  };
}

function apart(): AssayError {
  return new AssayError(
    "not-supported",
    "impact ratio: summaries over different medians cannot be added; audit the rows together, so that all have one median score",
  );
}

function readDetail(detail: SummaryValue): Detail {
  if (typeof detail === "object" && detail !== null && !Array.isArray(detail) && !ArrayBuffer.isView(detail)) {
    if ("prefix" in detail && detail.prefix instanceof Uint32Array) return { prefix: detail.prefix };
    if ("median" in detail && detail.median instanceof Float64Array) return { median: detail.median };
  }
  throw new AssayError("internal", "impact ratio: a step without its detail");
}

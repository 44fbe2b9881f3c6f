import { exp } from "@assay/compute";
import type { FittedLogistic } from "@assay/models";
import { AssayError } from "@assay/schema";
import type { Learner } from "./learner.ts";
import { solveLinearProgram } from "./linear-program.ts";

/** A classifier of a mixture: a logistic regression that decides at one half, or one decision for all. */
export type Member =
  | { readonly kind: "fitted"; readonly model: FittedLogistic }
  | { readonly kind: "constant"; readonly decision: 0 | 1 };

export interface Reduction {
  /** The classifiers drawn from, with their probabilities; they add up to 1. */
  readonly members: readonly { readonly member: Member; readonly probability: number }[];
  /** How often a classifier was learned. */
  readonly oracleCalls: number;
  /** How far the mixture may be from the best one, in the objective. */
  readonly gap: number;
  /** All classifiers that were learned: another tolerance begins with them. */
  readonly seen: readonly SeenClassifier[];
}

export interface ReductionOptions {
  readonly learner: Learner;
  /** int32[train rows]: the constrained group of a row, −1 for none. */
  readonly group: Int32Array;
  readonly groups: number;
  readonly constraint: "demographic-parity" | "equalized-odds";
  readonly tolerance: number;
  /** float64[train rows]: what a wrong decision costs; they add up to 1. */
  readonly cost: Float64Array;
  readonly signal: AbortSignal;
  /** Classifiers of another tolerance's reduction. */
  readonly seen?: readonly SeenClassifier[];
  /** Rounds at most, default 50. */
  readonly rounds?: number;
}

/** A classifier seen so far: its error, and its rate in each event and group. */
export interface SeenClassifier {
  readonly member: Member;
  readonly error: number;
  readonly rates: Float64Array;
}

const mostRounds = 50;
/** What a unit of gap beyond the tolerance costs: multipliers stay below it. */
const penalty = 100;
/** Oracle calls need no more: decisions hardly move beyond it. */
const fitTolerance = 1e-5;

/**
 * Exponentiated-gradient reduction: a fair classifier as a game between a learner of weighted rows and multipliers of the
 * constraints. Each round learns a classifier against multipliers that grow exponentially where a rate strays, then a linear
 * program finds the best mixture of all classifiers seen whose rates lie within the tolerance, and a classifier is learned
 * against its multipliers too: it ends where that one is hardly better, which bounds how far the mixture is from the best.
 * A. Agarwal, A. Beygelzimer, M. Dudík, J. Langford and H. Wallach, ICML 2018, arXiv:1803.02453.
 */
export async function reduce(options: ReductionOptions): Promise<Reduction> {
  const { cost, tolerance, rounds = mostRounds } = options;
  const game = new Game(options);
  const columns = [...(options.seen ?? [await game.respond(new Float64Array(game.places))])];
  const error = columns[0]?.error ?? 0;
  // Half a standard error of the error: what is better by less is not better.
  const enough = 0.5 * Math.sqrt((error * (1 - error)) / cost.length);
  const theta = new Float64Array(2 * game.places);
  const bound = Math.min(penalty, 2 / Math.max(tolerance, 0.02));
  let rate = 2 / bound;
  let best = game.mix(columns);
  for (let round = 1; round <= rounds; round++) {
    const challenger = await game.respond(best.multipliers);
    const gap = best.value - game.lagrangian(challenger, best.multipliers);
    columns.push(challenger);
    best = { ...game.mix(columns), gap };
    if (gap <= enough) break;
    const response = await game.respond(multipliersOf(theta, bound));
    columns.push(response);
    best = { ...game.mix(columns), gap };
    const strays = game.strays(response.rates);
    for (const [place, stray] of strays.entries()) {
      theta[2 * place] = (theta[2 * place] ?? 0) + rate * (stray - tolerance / 2);
      theta[2 * place + 1] = (theta[2 * place + 1] ?? 0) + rate * (-stray - tolerance / 2);
    }
    if (round % 8 === 0) rate *= 0.8;
  }
  const members = columns.flatMap(({ member }, index) => {
    const probability = best.shares[index] ?? 0;
    return probability > 1e-9 ? [{ member, probability }] : [];
  });
  const sum = members.reduce((total, one) => total + one.probability, 0);
  return {
    members: members.map((one) => ({ ...one, probability: one.probability / sum })),
    oracleCalls: game.calls,
    gap: Math.max(0, best.gap),
    seen: columns,
  };
}

/** λ₊ − λ₋ of each place: the gradient's weights, never beyond `bound` together. */
function multipliersOf(theta: Float64Array, bound: number): Float64Array {
  const most = theta.reduce((a, b) => Math.max(a, b), 0);
  const raw = theta.map((value) => exp(value - most));
  const sum = raw.reduce((a, b) => a + b, exp(-most));
  return Float64Array.from(
    { length: theta.length / 2 },
    (_, place) => (bound * ((raw[2 * place] ?? 0) - (raw[2 * place + 1] ?? 0))) / sum,
  );
}

class Game {
  /** Events × groups: rates that the constraint holds together, of each event. */
  readonly places: number;
  calls = 0;
  readonly #options: ReductionOptions;
  /** int32[train rows]: the place of a row, −1 for none; and Σw of each place and event. */
  readonly #place: Int32Array;
  readonly #mass: Float64Array;
  readonly #eventMass: Float64Array;
  #last: FittedLogistic | null = null;

  constructor(options: ReductionOptions) {
    this.#options = options;
    const { group, groups, constraint, learner } = options;
    const events = constraint === "equalized-odds" ? 2 : 1;
    this.places = events * groups;
    this.#mass = new Float64Array(this.places);
    this.#eventMass = new Float64Array(events);
    this.#place = group.map((one, row) =>
      one < 0 ? -1 : (events === 2 ? (learner.labels[row] ?? 0) : 0) * groups + one,
    );
    for (const [row, place] of this.#place.entries()) {
      if (place < 0) continue;
      const weight = learner.weights[row] ?? 1;
      this.#mass[place] = (this.#mass[place] ?? 0) + weight;
      const event = Math.floor(place / groups);
      this.#eventMass[event] = (this.#eventMass[event] ?? 0) + weight;
    }
  }

  /** The best classifier against multipliers: a wrong decision costs its error and what it does to the rates. */
  async respond(multipliers: Float64Array): Promise<SeenClassifier> {
    const { learner, cost, groups, signal } = this.#options;
    const rows = cost.length;
    const pull = new Float64Array(this.#eventMass.length);
    for (const [place, multiplier] of multipliers.entries()) {
      if (!((this.#mass[place] ?? 0) > 0)) continue;
      const event = Math.floor(place / groups);
      pull[event] = (pull[event] ?? 0) + multiplier;
    }
    const labels = new Uint8Array(rows);
    const weights = new Float64Array(rows);
    let total = 0;
    let positive = 0;
    for (let row = 0; row < rows; row++) {
      const place = this.#place[row] ?? -1;
      const weight = learner.weights[row] ?? 1;
      let gain = ((learner.labels[row] ?? 0) === 1 ? 1 : -1) * (cost[row] ?? 0);
      if (place >= 0) {
        const event = Math.floor(place / groups);
        gain -=
          weight *
          ((multipliers[place] ?? 0) / (this.#mass[place] ?? 1) - (pull[event] ?? 0) / (this.#eventMass[event] ?? 1));
      }
      labels[row] = gain > 0 ? 1 : 0;
      weights[row] = Math.abs(gain);
      total += Math.abs(gain);
      if (gain > 0) positive += gain;
    }
    this.calls++;
    if (positive === 0 || positive === total) {
      return this.#column({ kind: "constant", decision: positive > 0 ? 1 : 0 }, null);
    }
    for (let row = 0; row < rows; row++) weights[row] = ((weights[row] ?? 0) * rows) / total;
    const model = await learner.prepared.fit({
      labels,
      weights,
      tolerance: fitTolerance,
      signal,
      ...(this.#last ? { start: { coefficients: this.#last.coefficients, intercepts: this.#last.intercepts } } : {}),
    });
    this.#last = model;
    return this.#column({ kind: "fitted", model }, model.training);
  }

  #column(member: Member, probabilities: Float64Array | null): SeenClassifier {
    const { learner, cost } = this.#options;
    const rates = new Float64Array(this.places);
    let error = 0;
    for (let row = 0; row < cost.length; row++) {
      const positive = probabilities
        ? (probabilities[2 * row + 1] ?? 0) >= 0.5
        : member.kind === "constant" && member.decision === 1;
      if (positive !== (learner.labels[row] === 1)) error += cost[row] ?? 0;
      const place = this.#place[row] ?? -1;
      if (positive && place >= 0) rates[place] = (rates[place] ?? 0) + (learner.weights[row] ?? 1);
    }
    return {
      member,
      error,
      rates: rates.map((sum, place) => sum / Math.max(Number.MIN_VALUE, this.#mass[place] ?? 0)),
    };
  }

  /** How far each rate lies from that of all groups of its event. */
  strays(rates: Float64Array): Float64Array {
    const { groups } = this.#options;
    const means = this.#eventMass.map((mass, event) => {
      let sum = 0;
      for (let group = 0; group < groups; group++) {
        sum += (rates[event * groups + group] ?? 0) * (this.#mass[event * groups + group] ?? 0);
      }
      return sum / Math.max(Number.MIN_VALUE, mass);
    });
    return rates.map((rate, place) =>
      (this.#mass[place] ?? 0) > 0 ? rate - (means[Math.floor(place / groups)] ?? 0) : 0,
    );
  }

  /** The best mixture of classifiers whose rates of each event lie in a window as wide as the tolerance. */
  mix(columns: readonly SeenClassifier[]) {
    const { tolerance, groups } = this.#options;
    const held = Array.from({ length: this.places }, (_, place) => place).filter(
      (place) => (this.#mass[place] ?? 0) > 0,
    );
    const events = this.#eventMass.length;
    const n = columns.length + events + 1;
    const cost = new Float64Array(n);
    for (const [index, column] of columns.entries()) cost[index] = column.error;
    cost[n - 1] = penalty;
    const rows: Float64Array[] = [];
    const bounds: number[] = [];
    for (const place of held) {
      const low = columns.length + Math.floor(place / groups);
      for (const side of [1, -1]) {
        const row = new Float64Array(n);
        for (const [index, column] of columns.entries()) row[index] = side * (column.rates[place] ?? 0);
        row[low] = -side;
        row[n - 1] = -1;
        rows.push(row);
        bounds.push(side === 1 ? tolerance : 0);
      }
    }
    rows.push(Float64Array.from({ length: n }, (_, index) => (index < columns.length ? 1 : 0)));
    bounds.push(1);
    const found = solveLinearProgram({ cost, rows, bounds, equal: rows.map((_, index) => index === rows.length - 1) });
    if (!found) throw new AssayError("internal", "reduction: no mixture of the classifiers");
    const multipliers = new Float64Array(this.places);
    let allowed = 0;
    for (const [index, place] of held.entries()) {
      multipliers[place] = (found.duals[2 * index] ?? 0) - (found.duals[2 * index + 1] ?? 0);
      allowed += tolerance * (found.duals[2 * index] ?? 0);
    }
    return {
      shares: found.x.subarray(0, columns.length),
      value: found.value + allowed,
      multipliers,
      gap: Number.POSITIVE_INFINITY,
    };
  }

  /** Error and what multipliers charge for rates; the window's own ends cancel, since multipliers of an event add up to 0. */
  lagrangian({ error, rates }: SeenClassifier, multipliers: Float64Array): number {
    return rates.reduce((sum, rate, place) => sum + rate * (multipliers[place] ?? 0), error);
  }
}

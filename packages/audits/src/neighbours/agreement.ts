import type { NeighbourLists } from "./neighbour-lists.ts";

/** People of one point, one outcome and one combination of groups, as counted and as asked about. */
export interface Asked {
  readonly point: number;
  /** 1 where the outcome is positive. */
  readonly outcome: 0 | 1;
  readonly combination: number;
  readonly people: number;
}

export interface AgreementInput {
  /** People of each point, and those of them whose outcome is positive. */
  readonly count: Float64Array;
  readonly positive: Float64Array;
  /** Points that lists are given for, ascending, and their lists. */
  readonly points: Uint32Array;
  readonly lists: NeighbourLists;
  readonly asked: readonly Asked[];
  readonly k: number;
}

/** How far one outcome lies from those of its k nearest people, and what every one of these does to it. */
interface Term {
  readonly asked: Asked;
  /** |outcome − mean of the neighbours' outcomes|. */
  readonly distance: number;
  /** Points whose people are neighbours, the own point first, and what taking away one of them with outcome v changes: scale · (mean − v). */
  readonly points: Uint32Array;
  readonly scale: Float64Array;
  readonly mean: Float64Array;
  /** The list ended among equally near points: those that come first were taken. */
  readonly cut: boolean;
}

export interface Agreement {
  /** People asked about. */
  readonly n: number;
  /** 1 − mean distance. */
  readonly value: number;
  /** Jackknife standard error over all people, asked about or not; null where it cannot be had. */
  readonly standardError: number | null;
}

/**
 * k-nearest-neighbour consistency, 1 − mean |outcome − mean outcome of the k nearest others| (R. Zemel et al., Learning fair
 * representations, ICML 2013), of people among themselves. Of equally near people at the edge all count, each with the same
 * part of what is left of k: so that nothing depends on the order of rows.
 *
 * The standard error is the delete-one jackknife, computed exactly: who is taken away leaves their own term, and for whom
 * they were a neighbour the next nearest takes their place. People are each other's neighbours, so terms are not independent
 * and their own spread would be too narrow, up to twofold; the jackknife's variance is on average never below the true one
 * (B. Efron and C. Stein, The jackknife estimate of variance, Annals of Statistics 9 (1981) 586–596).
 */
export class NeighbourAgreement {
  readonly #input: AgreementInput;
  readonly #terms: readonly Term[];
  readonly #people: number;
  /** People whose list of neighbours ended among equally near ones. */
  readonly cut: number;

  constructor(input: AgreementInput) {
    this.#input = input;
    this.#people = input.count.reduce((sum, one) => sum + one, 0);
    const placeOf = new Map(Array.from(input.points, (point, place) => [point, place] as const));
    this.#terms = input.asked.map((asked) => this.#termOf(asked, placeOf.get(asked.point) ?? 0));
    this.cut = this.#terms.reduce((sum, { cut, asked }) => sum + (cut ? asked.people : 0), 0);
  }

  /** Of everyone who was asked about; null where nobody was. */
  overall(): Agreement | null {
    return this.#of(this.#terms);
  }

  /** By group: `groupOf` says to which, of `groups`, a combination belongs; below 0 to none. */
  byGroup(groupOf: (combination: number) => number, groups: number): readonly (Agreement | null)[] {
    const terms = Array.from({ length: groups }, (): Term[] => []);
    for (const term of this.#terms) terms[groupOf(term.asked.combination)]?.push(term);
    return terms.map((own) => this.#of(own));
  }

  #of(terms: readonly Term[]): Agreement | null {
    const { count, positive } = this.#input;
    let n = 0;
    let sum = 0;
    for (const { asked, distance } of terms) {
      n += asked.people;
      sum += asked.people * distance;
    }
    if (n === 0) return null;
    const value = 1 - sum / n;
    if (n < 2) return { n, value, standardError: null };
    const touched = new Map<number, { change: number; byOutcome: number }>();
    for (const { asked, points, scale, mean } of terms) {
      for (let at = 0; at < points.length; at++) {
        const point = points[at] ?? 0;
        let held = touched.get(point);
        if (held === undefined) {
          held = { change: 0, byOutcome: 0 };
          touched.set(point, held);
        }
        const times = asked.people * (scale[at] ?? 0);
        held.change += times * (mean[at] ?? 0);
        held.byOutcome += times;
      }
    }
    // Who was asked about, by point and outcome, with how many people and their own term.
    const own = new Map<number, Term[]>();
    for (const term of terms) {
      const key = term.asked.point * 2 + term.asked.outcome;
      own.set(key, [...(own.get(key) ?? []), term]);
    }
    const away: { readonly value: number; readonly people: number }[] = [];
    const mean = sum / n;
    let untouched = this.#people;
    const points = [...new Set([...touched.keys(), ...terms.map(({ asked }) => asked.point)])].sort((a, b) => a - b);
    for (const point of points) {
      const { change, byOutcome } = touched.get(point) ?? { change: 0, byOutcome: 0 };
      for (const outcome of [0, 1] as const) {
        const ones = positive[point] ?? 0;
        const all = outcome === 1 ? ones : (count[point] ?? 0) - ones;
        if (all <= 0) continue;
        untouched -= all;
        const moved = sum + change - outcome * byOutcome;
        let others = all;
        for (const term of own.get(point * 2 + outcome) ?? []) {
          others -= term.asked.people;
          // Their own neighbours at the same point do not count themselves: that part was not theirs to take away.
          const self = term.points[0] === point ? (term.scale[0] ?? 0) * ((term.mean[0] ?? 0) - outcome) : 0;
          away.push({ value: (moved - term.distance - self) / (n - 1), people: term.asked.people });
        }
        if (others > 0) away.push({ value: moved / n, people: others });
      }
    }
    if (untouched > 0) away.push({ value: mean, people: untouched });
    let middle = 0;
    for (const one of away) middle += (one.people * one.value) / this.#people;
    let squares = 0;
    for (const one of away) squares += one.people * (one.value - middle) ** 2;
    const variance = ((this.#people - 1) / this.#people) * squares;
    return { n, value, standardError: Math.sqrt(variance) };
  }

  #termOf(asked: Asked, place: number): Term {
    const { count, lists, k } = this.#input;
    const { point, outcome } = asked;
    const tiers = this.#tiers(point, outcome, place);
    let used = 0;
    let sum = 0;
    let at = 0;
    const full: Tier[] = [];
    let edge: { readonly tier: Tier; readonly part: number } | null = null;
    for (; at < tiers.length && used < k; at++) {
      const tier = tiers[at];
      if (!tier) break;
      if (used + tier.people <= k) {
        used += tier.people;
        sum += tier.positive;
        full.push(tier);
      } else {
        const part = k - used;
        sum += (part * tier.positive) / tier.people;
        used = k;
        edge = { tier, part };
      }
    }
    // Who comes next where one of the k is taken away.
    const following = edge?.tier ?? tiers[at];
    const nextMean = following ? following.positive / following.people : sum / Math.max(1, used);
    const neighbours = sum / Math.max(1, used);
    const distance = Math.abs(outcome - neighbours);
    const sign = outcome === 1 ? -1 : 1;
    const points: number[] = [];
    const scale: number[] = [];
    const mean: number[] = [];
    const add = (tier: Tier, by: number, to: number): void => {
      for (const one of tier.points) {
        points.push(one);
        scale.push(sign * by);
        mean.push(to);
      }
    };
    for (const tier of full) add(tier, 1 / k, nextMean);
    if (edge) {
      const { people, positive: ones } = edge.tier;
      add(edge.tier, edge.part / ((people - 1) * k), ones / people);
    }
    // The list may have ended among points as near as the edge.
    const cut = edge?.tier.isLast === true && lists.length < count.length - 1;
    return {
      asked,
      distance,
      points: Uint32Array.from(points),
      scale: Float64Array.from(scale),
      mean: Float64Array.from(mean),
      cut,
    };
  }

  /** Others by their distance, equally near ones together, those at the own point first. Enough of them to fill k and one more. */
  #tiers(point: number, outcome: 0 | 1, place: number): readonly Tier[] {
    const { count, positive, lists, k } = this.#input;
    const tiers: Tier[] = [];
    const here = (count[point] ?? 0) - 1;
    let people = 0;
    if (here > 0) {
      tiers.push({ points: [point], people: here, positive: (positive[point] ?? 0) - outcome, isLast: false });
      people = here;
    }
    let at = place * lists.length;
    const end = at + lists.length;
    while (at < end && people <= k) {
      const distance = lists.distances[at] ?? 0;
      const points: number[] = [];
      let size = 0;
      let ones = 0;
      for (; at < end && lists.distances[at] === distance; at++) {
        const other = lists.points[at] ?? 0;
        points.push(other);
        size += count[other] ?? 0;
        ones += positive[other] ?? 0;
      }
      tiers.push({ points, people: size, positive: ones, isLast: at === end });
      people += size;
    }
    return tiers;
  }
}

interface Tier {
  readonly points: readonly number[];
  readonly people: number;
  readonly positive: number;
  /** It reaches the end of the list: more points may be as near. */
  readonly isLast: boolean;
}

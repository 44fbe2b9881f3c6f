import type { Measure, ReportBody } from "@assay/schema";

export interface Row {
  readonly race: string;
  readonly sex: string;
  readonly label: string;
  readonly decision: string;
}

type Name = keyof Row;
type Test = (row: Row) => boolean;

const yes =
  (name: Name): Test =>
  (row) =>
    row[name] === "1";
const no =
  (name: Name): Test =>
  (row) =>
    row[name] !== "1";
const both =
  (...tests: readonly Test[]): Test =>
  (row) =>
    tests.every((test) => test(row));
const either =
  (...tests: readonly Test[]): Test =>
  (row) =>
    tests.some((test) => test(row));
const tp = both(yes("label"), yes("decision"));
const fp = both(no("label"), yes("decision"));
const fn = both(yes("label"), no("decision"));
const tn = both(no("label"), no("decision"));
const anyone: Test = () => true;

/** Who a rate counts, and among whom: the definitions, by themselves. */
const rates: Readonly<Record<string, readonly [Test, Test]>> = {
  accuracy: [either(tp, tn), anyone],
  "base-rate": [yes("label"), anyone],
  "false-negative-rate": [fn, yes("label")],
  "false-positive-rate": [fp, no("label")],
  "negative-predictive-value": [tn, no("decision")],
  "positive-predictive-value": [tp, yes("decision")],
  precision: [tp, yes("decision")],
  recall: [tp, yes("label")],
  "selection-rate": [yes("decision"), anyone],
  "true-negative-rate": [tn, no("label")],
  "true-positive-rate": [tp, yes("label")],
};

/**
 * What somebody who knows the rows' layout can work out of a report: small numbers that are told, and numbers of people that all
 * told numbers together leave one value for. How many people there are of every kind is unknown; each told number is an
 * equation on it.
 */
export class Attack {
  readonly #rows: readonly Row[];
  readonly #below: number;
  readonly #kinds: readonly Row[];

  constructor(rows: readonly Row[], below: number) {
    this.#rows = rows;
    this.#below = below;
    const values = (name: Name): string[] => [...new Set(rows.map((row) => row[name]))];
    this.#kinds = values("race").flatMap((race) =>
      values("sex").flatMap((sex) =>
        ["0", "1"].flatMap((label) => ["0", "1"].map((decision): Row => ({ race, sex, label, decision }))),
      ),
    );
  }

  /** Small numbers of people that stand in measures, tables, figures or sentences. */
  toldBy(body: ReportBody): string[] {
    const found: string[] = [];
    const few = (people: number | null | undefined): boolean =>
      typeof people === "number" && people > 0 && people < this.#below && Number.isInteger(people);
    for (const audit of body.audits) {
      for (const measure of audit.measures) {
        const about = `${audit.id} ${measure.metric} ${JSON.stringify(measure.group ?? measure.class ?? null)}`;
        if (few(measure.n)) found.push(`${about} n ${measure.n}`);
        if (/^(count|rows-without-.*|missing-count)$/.test(measure.metric) && few(measure.value))
          found.push(`${about} ${measure.value}`);
        if (measure.metric in rates && measure.value !== null && measure.n !== undefined) {
          const inside = Math.round(measure.value * measure.n);
          if (few(inside) || few(measure.n - inside)) found.push(`${about} ${inside} of ${measure.n}`);
        }
      }
      for (const table of audit.tables) {
        for (const row of table.rows) {
          for (const [place, column] of table.columns.entries()) {
            const cell = row.cells[place];
            if (column.format === "count" && typeof cell === "number" && few(cell))
              found.push(`${audit.id} ${table.id} ${column.title.en} ${cell}`);
          }
        }
      }
      for (const figure of audit.figures) {
        if (figure.kind === "intervals")
          for (const row of figure.rows) if (few(row.n)) found.push(`${figure.id} ${row.n}`);
        if (figure.kind === "heatmap")
          for (const one of figure.cells) if (few(one.n)) found.push(`${figure.id} ${one.n}`);
      }
      for (const { id, text } of audit.findings) {
        for (const [, n] of text.en.matchAll(/\bn = (\d+)\b(?![.,]\d)/g)) if (few(Number(n))) found.push(`${id} ${n}`);
        for (const [, n] of text.en.matchAll(/(?<!than |under |least )\b(\d+) (?:people|rows?)\b/g))
          if (few(Number(n))) found.push(`${id} ${n}`);
      }
    }
    return found;
  }

  /** Groups and what they got, of fewer people than the bound, whose number follows from what is told. */
  solvedFrom(body: ReportBody): string[] {
    const solver = new Solver(this.#kinds.length);
    solver.add(this.#vector(anyone));
    for (const audit of body.audits) for (const measure of audit.measures) this.#equations(measure, solver);
    const found: string[] = [];
    const groups = this.#groups();
    const events: readonly (readonly [string, Test])[] = [
      ["people", anyone],
      ["labelled", yes("label")],
      ["not labelled", no("label")],
      ["decided", yes("decision")],
      ["not decided", no("decision")],
      ["tp", tp],
      ["fp", fp],
      ["fn", fn],
      ["tn", tn],
    ];
    for (const [name, group] of groups) {
      for (const [event, test] of events) {
        const who = both(group, test);
        const people = this.#rows.filter(who).length;
        if (people > 0 && people < this.#below && solver.follows(this.#vector(who)))
          found.push(`${name} ${event}: ${people}`);
      }
    }
    return found;
  }

  #equations(measure: Measure, solver: Solver): void {
    const { metric, value, n, group, split } = measure;
    if (measure.by !== undefined || measure.stratum !== undefined || split !== undefined) return;
    if (measure.feature !== undefined || measure.column !== undefined) return;
    const names = Object.keys(group ?? {}) as Name[];
    if (names.some((name) => name !== "race" && name !== "sex")) return;
    const who = both(
      ...names.map(
        (name): Test =>
          (row) =>
            row[name] === group?.[name],
      ),
    );
    if (measure.class !== undefined) {
      // A class as the positive one: the measures of class 0 are those of the table turned over.
      const turned = measure.class === "0";
      const inClass: Test = (row) => (row.label === "1") !== turned;
      const asClass: Test = (row) => (row.decision === "1") !== turned;
      const right = both(inClass, asClass);
      if (metric === "count" && value !== null) solver.add(this.#vector(inClass));
      if (metric === "recall") this.#share(solver, right, inClass, value, n);
      if (metric === "precision") this.#share(solver, right, asClass, value, n);
      return;
    }
    if (metric === "count" && value !== null) solver.add(this.#vector(who));
    const rate = rates[metric];
    if (rate === undefined) return;
    this.#share(solver, both(who, rate[0], rate[1]), both(who, rate[1]), value, n);
  }

  #share(solver: Solver, inside: Test, among: Test, value: number | null, n: number | undefined): void {
    const [of, all] = [this.#vector(inside), this.#vector(among)];
    // Where nobody is, nobody of any kind is.
    const outside = all.map((one, place) => one - (of[place] ?? 0));
    const empty = n === 0 ? all : value === 0 ? of : value === 1 ? outside : [];
    for (const [place, one] of empty.entries()) {
      if (one !== 0) solver.add(this.#kinds.map((_, index) => (index === place ? 1 : 0)));
    }
    if (n !== undefined) solver.add(all);
    if (value !== null && n !== undefined) solver.add(of);
    if (value !== null) solver.add(of.map((one, place) => one - value * (all[place] ?? 0)));
  }

  #vector(test: Test): number[] {
    return this.#kinds.map((kind) => (test(kind) ? 1 : 0));
  }

  #groups(): [string, Test][] {
    const races = [...new Set(this.#rows.map(({ race }) => race))];
    const sexes = [...new Set(this.#rows.map(({ sex }) => sex))];
    const is =
      (name: Name, value: string): Test =>
      (row) =>
        row[name] === value;
    return [
      ["all", anyone],
      ...races.map((race): [string, Test] => [race, is("race", race)]),
      ...sexes.map((sex): [string, Test] => [sex, is("sex", sex)]),
      ...races.flatMap((race) =>
        sexes.map((sex): [string, Test] => [`${race} ${sex}`, both(is("race", race), is("sex", sex))]),
      ),
    ];
  }
}

/** Rows of equations, kept reduced; whether another one follows from them. */
class Solver {
  readonly #width: number;
  readonly #rows: { readonly pivot: number; readonly row: number[] }[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  add(vector: readonly number[]): void {
    const rest = this.#reduced(vector);
    const pivot = largest(rest);
    if (pivot < 0) return;
    const by = rest[pivot] ?? 1;
    this.#rows.push({ pivot, row: rest.map((value) => value / by) });
  }

  follows(vector: readonly number[]): boolean {
    return largest(this.#reduced(vector)) < 0;
  }

  #reduced(vector: readonly number[]): number[] {
    const rest = [...vector];
    for (const { pivot, row } of this.#rows) {
      const factor = rest[pivot] ?? 0;
      if (factor === 0) continue;
      for (let place = 0; place < this.#width; place++) rest[place] = (rest[place] ?? 0) - factor * (row[place] ?? 0);
    }
    return rest;
  }
}

/** The place of the largest value; −1 where all are nothing. */
function largest(values: readonly number[]): number {
  let place = -1;
  let most = 1e-7;
  for (const [index, value] of values.entries()) {
    if (Math.abs(value) > most) {
      most = Math.abs(value);
      place = index;
    }
  }
  return place;
}

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What make_fixture.py writes. */
export interface FixtureTree {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Of scikit-learn's histogram trees: 1 where a missing value goes left. */
  readonly missing_left?: readonly number[];
  readonly value: readonly (readonly number[])[];
  readonly cover: readonly number[];
}

export interface FixtureCase {
  readonly x: readonly (readonly (number | string | null)[])[];
  readonly classes: readonly string[];
  readonly probabilities?: readonly (readonly number[])[];
  readonly labels?: readonly string[];
  readonly values?: readonly number[];
  readonly trees?: readonly FixtureTree[];
  readonly rate?: number;
  readonly base?: readonly number[];
  readonly coef?: readonly (readonly number[])[] | readonly number[];
  readonly intercept?: readonly number[] | number;
  readonly coefs?: readonly (readonly (readonly number[])[])[];
  readonly intercepts?: readonly (readonly number[])[];
  readonly categories?: readonly (readonly string[])[];
  readonly fill?: readonly number[];
  readonly mean?: readonly number[];
  readonly scale?: readonly number[];
}

const path = fileURLToPath(new URL("fixture.json", import.meta.url));
const cases = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, FixtureCase>>;

export function fixture(name: string): FixtureCase {
  const found = cases[name];
  if (!found) throw new Error(`fixture: no case ${name}`);
  return found;
}

import { readFileSync } from "node:fs";

interface Fit {
  readonly labels: string;
  readonly weighted: boolean;
}

interface Fixture {
  readonly logistic: {
    readonly columns: readonly (readonly number[])[];
    readonly two: readonly number[];
    readonly three: readonly number[];
    readonly weights: readonly number[];
    readonly fits: readonly (Fit & {
      readonly labels: "three" | "two";
      /** Null: no penalty. */
      readonly C: number | null;
      readonly coefficients: readonly (readonly number[])[];
      readonly intercepts: readonly number[];
      readonly standardErrors?: { readonly coefficients: readonly number[]; readonly intercept: number };
    })[];
  };
  readonly trees: {
    /** Null: missing. */
    readonly columns: readonly (readonly (number | null)[])[];
    readonly target: readonly number[];
    readonly binary: readonly number[];
    readonly several: readonly number[];
    readonly weights: readonly number[];
    readonly fits: readonly (Fit & {
      readonly labels: "binary" | "several" | "target";
      readonly leaves: readonly number[];
      readonly values: readonly (number | readonly number[])[];
    })[];
  };
}

/** What fixture.py wrote. */
export const fixture = JSON.parse(readFileSync(new URL("fixture.json", import.meta.url), "utf8")) as Fixture;

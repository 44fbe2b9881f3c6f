import type { LocalizedText, Measure, Plan } from "@assay/schema";
import { isFew, saysFew } from "./people.ts";

/** The numbers that measures tell. What is drawn or said of them may stand where each of its numbers is among these. */
export class ToldNumbers {
  readonly #numbers: readonly number[];
  readonly #exact: ReadonlySet<number>;

  /** @param settings numbers that sentences may hold as well, such as those of the plan */
  constructor(measures: readonly Measure[], settings: readonly number[] = []) {
    const numbers = measures.flatMap(({ value, low, high, n, p, p_adjusted, confidence, threshold }) =>
      [value, low, high, n, p, p_adjusted, confidence, threshold].filter((one) => typeof one === "number"),
    );
    this.#numbers = [...numbers, ...settings];
    this.#exact = new Set(numbers);
  }

  has(value: number | null): boolean {
    return value === null || this.#exact.has(value);
  }

  /** Whether a number with some decimals is one of these, rounded, also as a percentage or without its sign. */
  hasRounded(value: number, decimals: number): boolean {
    const near = 0.5 * 10 ** -decimals * (1 + 1e-9);
    return this.#numbers.some((one) => [one, one * 100].some((told) => Math.abs(Math.abs(told) - value) <= near));
  }
}

/** Every number of a plan. */
export function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(numbersOf);
}

/** A text's numbers all stand elsewhere in the report; `names` are texts of the data, whose digits are no numbers. */
export function saysOnlyTold(text: LocalizedText, told: ToldNumbers, names: readonly string[], below: number): boolean {
  if (saysFew(text, below)) return false;
  return [text.en, text["zh-CN"]].every((sentence) => {
    const plain = names.reduce((rest, name) => rest.replaceAll(name, " "), sentence);
    for (const found of plain.matchAll(/(\d[\d,]*(?:\.\d+)?)( ?%)?/g)) {
      const digits = (found[1] ?? "").replace(/,+$/, "").replaceAll(",", "");
      const value = Number(digits);
      const decimals = digits.split(".")[1]?.length ?? 0;
      // A bound of p is told as such.
      if (plain.slice(0, found.index).endsWith("< ") && value <= 0.001) continue;
      if (decimals === 0 && found[2] === undefined && isFew(value, below)) return false;
      if (!told.hasRounded(value, decimals)) return false;
    }
    return true;
  });
}

/** Names of the data that may stand in sentences, longest first, so that one within another is not cut out of it. */
export function namesOf(plan: Plan, values: Iterable<string | null>): string[] {
  const names = new Set<string>();
  const add = (one: unknown): void => {
    if (typeof one === "string" && /\D/.test(one)) names.add(one);
    else if (one !== null && typeof one === "object")
      for (const [key, part] of Object.entries(one)) [key, part].map(add);
  };
  add(plan.columns);
  for (const value of values) add(value);
  return [...names].sort((a, b) => b.length - a.length);
}

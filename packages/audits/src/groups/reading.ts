import { type LocalizedText, type Measure, wholeSigns } from "@assay/schema";
import type { Roles } from "../roles.ts";

/** Finds measures by what they are about, with their places, so that sentences, figures and tables all stand on them. */
export class Reading {
  readonly measures: readonly Measure[];
  readonly #places = new Map<string, number>();
  readonly #groups = new Map<string, (string | null)[][]>();

  constructor(measures: readonly Measure[]) {
    this.measures = measures;
    for (const [place, measure] of measures.entries()) {
      this.#places.set(keyOf(measure), place);
      if (measure.metric === "count" && measure.group) {
        const names = JSON.stringify(Object.keys(measure.group));
        const held = this.#groups.get(names) ?? [];
        held.push(Object.values(measure.group));
        this.#groups.set(names, held);
      }
    }
  }

  /** The values of every printed group of these columns, in order, unknown last. */
  groups(by: readonly string[]): readonly (readonly (string | null)[])[] {
    return this.#groups.get(JSON.stringify(by)) ?? [];
  }

  place(about: About): number | null {
    return this.#places.get(keyOf(about)) ?? null;
  }

  find(about: About): Measure | null {
    const place = this.place(about);
    return place === null ? null : (this.measures[place] ?? null);
  }
}

type About = Pick<Measure, "metric" | "group" | "by" | "class" | "stratum">;

function keyOf({ metric, group, by, class: of, stratum }: About): string {
  return JSON.stringify([metric, group ?? null, by ?? null, stratum ?? null, of ?? null]);
}

export function groupOf(by: readonly string[], values: readonly (string | null)[]): Record<string, string | null> {
  return Object.fromEntries(by.map((name, index) => [name, values[index] ?? null]));
}

/** What joins emoji, letters of Arabic and Indic scripts, and the signs of a flag: a part of the sign, though nothing is seen of it. */
const joiner = String.raw`(?<=[\p{Extended_Pictographic}\p{M}\u{1f3fb}-\u{1f3ff}])\u200d(?=\p{Extended_Pictographic})|(?<=[\p{Script=Arabic}\p{M}])[\u200c\u200d](?=\p{L})|(?<=\u{1f3f4})[\u{e0020}-\u{e007f}]+`;
const unseen = new RegExp(String.raw`(${joiner})|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]`, "gu");

const mostPoints = 60;

/** A text of the data as it may stand in a sentence: one line, no mark-up, not endless, cut between whole signs. */
export function plainText(text: string): string {
  const line = text
    .replace(unseen, (_, joined: string | undefined) => joined ?? "\n")
    .replace(/\n+/g, " ")
    .replaceAll("*", "∗")
    .trim();
  if (line === "") return "“ ”";
  if ([...line].length <= mostPoints) return line;
  let cut = "";
  let points = 1;
  for (const sign of wholeSigns(line)) {
    points += [...sign].length;
    if (points > mostPoints) break;
    cut += sign;
  }
  return `${cut}…`;
}

export function groupText(values: readonly (string | null)[]): LocalizedText {
  const parts = values.map((value) => (value === null ? null : plainText(value)));
  return {
    en: parts.map((part) => part ?? "unknown").join(" × "),
    "zh-CN": parts.map((part) => part ?? "未知").join(" × "),
  };
}

export function columnsText(by: readonly string[]): string {
  return by.map(plainText).join(" × ");
}

/** A short name for ids of figures and tables: letters and digits of the columns, made unique by place. */
export function slugsOf(roles: Roles): ReadonlyMap<string, string> {
  const slugs = new Map<string, string>();
  const taken = new Set<string>();
  for (const [index, by] of roles.groupings.entries()) {
    let slug = by
      .join("-")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "");
    if (slug === "" || taken.has(slug)) slug = `${slug || "group"}-${index + 1}`;
    taken.add(slug);
    slugs.set(JSON.stringify(by), slug);
  }
  return slugs;
}

/** Where a figure of a metric by some columns stands. */
export function figureId(metric: string, by: readonly string[], slugs: ReadonlyMap<string, string>): string {
  return `${metric}-by-${slugs.get(JSON.stringify(by)) ?? "group"}`;
}

/** The metrics with figures and sentences of their own. */
export const told = [
  "selection-rate",
  "false-positive-rate",
  "false-negative-rate",
  "true-positive-rate",
  "positive-predictive-value",
  "accuracy",
] as const;

/** A metric of one known group, with its place among the measures. */
export interface Rate {
  readonly values: readonly (string | null)[];
  readonly measure: Measure;
  readonly place: number;
  readonly value: number;
  readonly people: number;
}

/** A metric of every known group in which it is defined. */
export function ratesOf(metric: string, by: readonly string[], reading: Reading, of?: string): Rate[] {
  return reading.groups(by).flatMap((values): Rate[] => {
    const group = groupOf(by, values);
    const place = reading.place({ metric, group, ...(of === undefined ? {} : { class: of }) });
    const measure = place === null ? undefined : reading.measures[place];
    if (place === null || !measure || measure.value === null || values.includes(null)) return [];
    const people = reading.find({ metric: "count", group })?.value ?? 0;
    return [{ values, measure, place, value: measure.value, people }];
  });
}

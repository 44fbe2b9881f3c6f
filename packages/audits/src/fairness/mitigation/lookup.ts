import type { Measure } from "@assay/schema";
import type { Version } from "./outcomes.ts";

type Key = Pick<Measure, "by" | "group" | "metric" | "split" | "version">;

function keyOf({ metric, group, by, split, version }: Key): string {
  return JSON.stringify([metric, group ?? null, by ?? null, split ?? null, version ?? null]);
}

/** Finds measures by what they are about, with their places. */
export class Lookup {
  readonly measures: readonly Measure[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(measures: readonly Measure[]) {
    this.measures = measures;
    this.#places = new Map(measures.map((measure, place) => [keyOf(measure), place]));
  }

  place(key: Key): number | null {
    return this.#places.get(keyOf(key)) ?? null;
  }

  find(key: Key): Measure | null {
    const place = this.place(key);
    return place === null ? null : (this.measures[place] ?? null);
  }

  /** The versions that are told, in the order that leads from before to after. */
  versions(): readonly Version[] {
    const told = new Set(this.measures.map(({ version }) => version));
    return (["before", "unconstrained", "after"] as const).filter((version) => told.has(version));
  }

  /** The groups that are printed, in their order. */
  groups(): readonly Readonly<Record<string, string | null>>[] {
    return this.measures.flatMap(({ metric, group, split, version }) =>
      metric === "count" && group !== undefined && split === "test" && version === "after" ? [group] : [],
    );
  }
}

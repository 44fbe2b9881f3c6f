import type { Measure } from "@assay/schema";

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

  /** The groups that are printed, in their order. */
  groups(): readonly Readonly<Record<string, string | null>>[] {
    return this.measures.flatMap(({ metric, group, split, version }) =>
      metric === "count" && group !== undefined && split === "test" && version === "after" ? [group] : [],
    );
  }
}

import type { Figure, Measure, Table } from "@assay/schema";
import type { TestedMeasure } from "../../groups/disparity.ts";

/** What is concluded of one kind of output. Figures and tables are made once p values are adjusted over all kinds. */
export interface Part {
  readonly measures: readonly PartMeasure[];
  readonly figures: (measures: readonly Measure[]) => readonly Figure[];
  /** `falseDiscovery`: Benjamini–Hochberg's p values, by the measure's place. */
  readonly tables: (measures: readonly Measure[], falseDiscovery: ReadonlyMap<number, number>) => readonly Table[];
}

/**
 * A measure with the hypothesis that its p value tests. `over`: it says that any of these is false, and adds no hypothesis of its
 * own.
 */
export type PartMeasure = TestedMeasure & { readonly over?: readonly string[] };

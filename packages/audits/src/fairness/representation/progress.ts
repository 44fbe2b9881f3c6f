import type { Binning } from "../../binning/binning.ts";
import type { KeyCounts } from "../../binning/key-counts.ts";
import { binsOfSketches, refineSearches, type Search } from "../../binning/search.ts";
import type { Sketch } from "../../binning/sketch.ts";
import type { GroupSummary } from "../../groups/summary.ts";
import type { AgreementSummary } from "../../neighbours/read-agreement.ts";
import type { Roles } from "../../roles.ts";
import { leastInBin, mostProxied } from "./limits.ts";
import type { Input } from "./settings.ts";

/**
 * What is known between rounds, told to the next round's steps as their detail:
 * sketch (groups, missing values, values of every feature) → refine (quantiles of number columns with very many values, one
 * 16-bit digit a round) → count (bins of every feature against every protected column) → labels (each against those of the
 * nearest neighbours, where there are a label and features, in one step over all rows) → done.
 */
export type Progress = {
  readonly stage: "sketch" | "refine" | "count" | "labels" | "done";
  readonly level: number;
  readonly searches: readonly Search[];
  readonly binnings: readonly (Binning | null)[];
  /** Texts of every protected column's groups; null where there are too many to look for proxies. */
  readonly levels: readonly (readonly string[] | null)[];
  /** Per protected column, per feature: rows by bin × group (0 is unknown); null where they are not counted. */
  readonly tables: readonly (readonly (Float64Array | null)[])[];
  /** Null where no label is compared. */
  readonly labels: AgreementSummary | null;
};

/** What the steps of a round bring back, merged. */
export type Part =
  | { readonly stage: "sketch"; readonly sketches: readonly Sketch[]; readonly rows: number }
  | { readonly stage: "refine"; readonly counts: readonly (KeyCounts | null)[] }
  | { readonly stage: "count"; readonly tables: readonly (readonly (Float64Array | null)[])[] }
  | { readonly stage: "labels"; readonly labels: AgreementSummary };

export const start: Progress = {
  stage: "sketch",
  level: 0,
  searches: [],
  binnings: [],
  levels: [],
  tables: [],
  labels: null,
};

/** What the next round starts from. Pure: a function of counts alone, so that every shard is told the same. */
export function advance(progress: Progress, part: Part, cells: GroupSummary, input: Input, roles: Roles): Progress {
  const names = roles.features.map((feature) => feature.name);
  switch (part.stage) {
    case "sketch": {
      const levels = cells.columns.map((column) => (column.levels.length <= mostProxied ? column.levels : null));
      const rules = { bins: input.bins, levels: input.levels, leastRows: leastInBin, leastFiner: leastInBin };
      const found = { ...progress, levels, ...binsOfSketches(part.sketches, part.rows, rules, names) };
      // Nothing to count without a feature, or where every column has too many groups.
      return names.length === 0 || levels.every((one) => one === null) ? labelled(found, roles) : settle(found);
    }
    case "refine":
      return settle({ ...progress, ...refineSearches(progress, part.counts, names) });
    case "count":
      return labelled({ ...progress, tables: part.tables }, roles);
    case "labels":
      return { ...progress, stage: "done", labels: part.labels };
  }
}

/** Features that say how alike people are whose labels are compared: neither the label itself nor a protected column. */
export function likeness(roles: Roles): Roles["features"] {
  return roles.features.filter(
    ({ name }) => name !== roles.labelText?.column && !roles.protected.some((role) => role.name === name),
  );
}

function labelled(progress: Progress, roles: Roles): Progress {
  return { ...progress, stage: roles.label !== null && likeness(roles).length > 0 ? "labels" : "done" };
}

function settle(progress: Progress): Progress {
  return { ...progress, stage: progress.searches.some((search) => search !== null) ? "refine" : "count" };
}

import type { AuditId } from "@assay/schema";

/**
 * Which numbers of a cell go together. Withheld rows withhold everything of the cell; a withheld share of labels, or of decisions,
 * withholds what needs it; all that compares labels with decisions goes together, since any one of these numbers beside the shares
 * gives the others. What is a census of its own, such as unique rows, stands alone.
 */
export type Layer = "decision" | "label" | "rest" | "rows" | `own ${string}`;

const rows = new Set(["count", "representation-share", "representation-ratio", "representation-distance"]);
const labels = new Set(["base-rate"]);
const decisions = new Set(["selection-rate", "impact-ratio", "demographic-parity"]);
/** Numbers of people that are no number of their cell's people: all with the same first part say the same. */
const own =
  /^(background|completeness|equivalence|excluded|homogeneous|incomplete|k-anonymity|missing|prosecutor|average-prosecutor|rows|share-below|slices|unique)(?=-|$)/;

export function layerOf(metric: string, audit: AuditId): Layer {
  const base = baseOf(metric);
  if (rows.has(base)) return "rows";
  if (labels.has(base)) return "label";
  if (decisions.has(base)) return "decision";
  return own.test(metric) ? `own ${audit} ${metric}` : "rest";
}

/** The metric that a difference or ratio compares. */
export function baseOf(metric: string): string {
  return metric.replace(/-(change|difference|ratio)(-(corrected|pooled|to-reference|to-rest))?$/, "");
}

/** Layers whose withholding withholds this one. */
export function under(layer: Layer): readonly Layer[] {
  if (layer === "rows") return ["rows"];
  if (layer === "rest") return ["decision", "label", "rest", "rows"];
  return [layer, "rows"];
}

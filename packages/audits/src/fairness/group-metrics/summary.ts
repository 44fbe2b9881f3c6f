import type { CodedTable } from "@assay/dataset";
import type { AuditContext } from "../../define.ts";
import { type GroupSummary, measureGroups, mergeGroups } from "../../groups/summary.ts";
import { type ClassSummary, measureClasses, mergeClasses } from "./classes/summary.ts";
import { type ListSummary, measureLists, mergeLists } from "./lists/summary.ts";
import { outputsOf } from "./outputs.ts";
import type { Input } from "./settings.ts";
import { measureValues, mergeValues, type ValueSummary } from "./values/summary.ts";

/** What is counted of each kind of output; null where the plan gives none of the kind. */
export type GroupMetricsSummary = {
  readonly binary: GroupSummary | null;
  readonly classes: ClassSummary | null;
  readonly values: ValueSummary | null;
  readonly lists: ListSummary | null;
};

export async function measureOutputs(rows: CodedTable, context: AuditContext<Input>): Promise<GroupMetricsSummary> {
  const { decided, lists } = outputsOf(context.input, context.roles);
  return {
    binary: decided === "binary" ? await measureGroups(rows, context) : null,
    classes: decided === "classes" ? await measureClasses(rows, context) : null,
    values: decided === "values" ? await measureValues(rows, context) : null,
    lists: lists ? await measureLists(rows, context) : null,
  };
}

/** Associative and commutative, to the bit. */
export function mergeOutputs(a: GroupMetricsSummary, b: GroupMetricsSummary): GroupMetricsSummary {
  return {
    binary: a.binary && b.binary && mergeGroups(a.binary, b.binary),
    classes: a.classes && b.classes && mergeClasses(a.classes, b.classes),
    values: a.values && b.values && mergeValues(a.values, b.values),
    lists: a.lists && b.lists && mergeLists(a.lists, b.lists),
  };
}

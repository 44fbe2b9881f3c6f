import type { ColumnRequest } from "@assay/dataset";
import type { LocalizedText } from "@assay/schema";
import { noPositiveClass } from "../../no-positive-class.ts";
import type { Roles } from "../../roles.ts";

/** What the features are to explain: the decision, or the label where there is none. Codes: 0 missing, 1 no, 2 yes. */
export function targetRequest(roles: Roles): ColumnRequest | null {
  if (roles.decision) return roles.decision;
  if (roles.label) return roles.label;
  if (!roles.labelText) return null;
  // A label without a positive class named: the usual words for yes.
  return { kind: "equals", column: roles.labelText.column, equals: ["1", "true", "True", "TRUE"] };
}

/** A label of texts or of numbers with decimals has no yes to explain, unless the plan names it. */
export function targetProblems(roles: Roles): readonly (typeof noPositiveClass)[] {
  if (roles.decision || roles.label || !roles.labelText) return [];
  const type = roles.columns.get(roles.labelText.column);
  if (type !== "text" && type !== "number") return [];
  return [noPositiveClass];
}

/** `decile_score ≥ 5`, `hired = yes`. */
export function targetText(roles: Roles): string {
  const request = targetRequest(roles);
  if (request?.kind === "at-least") return `${request.column} ≥ ${request.bound}`;
  if (request?.kind === "equals") return `${request.column} = ${request.equals[0] ?? "1"}`;
  if (request?.kind === "model") return `model ≥ ${roles.model?.threshold ?? 0.5}`;
  return request?.column ?? "";
}

export function targetWord(roles: Roles): LocalizedText {
  return roles.decision ? { en: "decision", "zh-CN": "决定" } : { en: "label", "zh-CN": "标签" };
}

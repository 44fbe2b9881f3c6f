import type { Roles } from "../../roles.ts";

/**
 * Names of the two classes of a binary label, negative first, in the file's own texts: `["0", "1"]`. The negative class
 * is `≠ 1` where several texts are not positive, and either falls back to the plan's word where it does not occur.
 */
export function binaryNames(labels: readonly string[], roles: Roles): readonly [string, string] {
  const positives = roles.label?.kind === "equals" ? roles.label.equals : [];
  const positive = labels.find((label) => positives.includes(label)) ?? roles.positive ?? positives[0] ?? "1";
  const others = labels.filter((label) => !positives.includes(label));
  return [others.length === 1 ? (others[0] ?? "") : `≠ ${positive}`, positive];
}

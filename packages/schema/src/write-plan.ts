import { stringify } from "yaml";
import type { PlanInput } from "./plan.ts";

const order = [
  "version",
  "project",
  "data",
  "columns",
  "model",
  "feedback",
  "audits",
  "policy",
  "rules",
  "seed",
  "suppress_below",
] as const;

/** A plan as YAML, keys in the order of the documentation, short lists on one line. `readPlan` reads it back equal. */
export function writePlan(plan: PlanInput): string {
  const ordered = Object.fromEntries(order.filter((key) => plan[key] !== undefined).map((key) => [key, plan[key]]));
  return stringify(ordered, {
    lineWidth: 100,
    defaultStringType: "PLAIN",
    collectionStyle: "any",
  });
}

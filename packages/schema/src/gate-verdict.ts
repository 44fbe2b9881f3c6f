import type { Gate, GateRule } from "./report.ts";

/** What rules say together: a failed one fails, one that cannot tell leaves it open; without rules there is none. */
export function gateVerdict(rules: readonly Pick<GateRule, "verdict">[]): Gate["verdict"] {
  if (rules.length === 0) return "none";
  if (rules.some((rule) => rule.verdict === "fail")) return "fail";
  return rules.some((rule) => rule.verdict === "indeterminate") ? "indeterminate" : "pass";
}

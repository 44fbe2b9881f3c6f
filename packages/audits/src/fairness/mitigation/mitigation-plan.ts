import type { Plan } from "@assay/schema";

export const mitigationId = "fairness.mitigation";

/**
 * A plan with this audit alone, which changes decisions or what they are learned from. Settings that are not told are the
 * plan's own. Rules and policies speak of other audits, so they stay behind.
 */
export function mitigationPlan(plan: Plan, settings: Readonly<Record<string, unknown>>): Plan {
  return {
    ...plan,
    audits: { [mitigationId]: { ...plan.audits?.[mitigationId], ...settings } },
    policy: [],
    rules: [],
  };
}

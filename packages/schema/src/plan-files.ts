import type { Plan } from "./plan.ts";

/** The one audit whose settings name a file of rows. */
const withBackground = "explainability.shapley";

/** The place in a plan of the file of background rows. */
export const backgroundPlace = `audits.${withBackground}.background`;

/** The file of background rows that an audit's settings name, or null. */
export function backgroundFile(plan: Plan): string | null {
  const background = plan.audits?.[withBackground]?.background;
  return typeof background === "string" ? background : null;
}

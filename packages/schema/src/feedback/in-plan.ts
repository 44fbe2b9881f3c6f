import { z } from "zod";
import { Digest } from "../ids.ts";
import type { Plan } from "../plan.ts";
import { countFeedback, digestFeedback, FeedbackCell, gatherFeedback, mostFeedbackCells } from "./cells.ts";

/**
 * What people affected reported: `project` and a file's name stand for the project's own reports on a server; a file is read
 * into cells where the plan is run; a report keeps their digest and number, so that it prints no small count.
 */
export const PlanFeedback = z.union([
  z.literal("project"),
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ cells: z.array(FeedbackCell).max(mostFeedbackCells) }),
  z.strictObject({ digest: Digest, entries: z.int().min(0) }),
]);
export type PlanFeedback = z.infer<typeof PlanFeedback>;

const audit = "fairness.feedback";

/** Whether a plan speaks of feedback, by a table or by the audit of it. */
export function asksForFeedback(plan: Plan): boolean {
  return plan.feedback !== undefined || plan.audits?.[audit] !== undefined;
}

/** The plan with these reports in place of whatever it names. */
export function withFeedback(plan: Plan, cells: readonly FeedbackCell[]): Plan {
  return { ...plan, feedback: { cells: gatherFeedback(cells) } };
}

/** The plan as a report holds it: its cells may be of one person each, their digest is of none. */
export function withoutFeedbackCells(plan: Plan): Plan {
  const { feedback } = plan;
  if (feedback === undefined || typeof feedback === "string" || !("cells" in feedback)) return plan;
  return { ...plan, feedback: { digest: digestFeedback(feedback.cells), entries: countFeedback(feedback.cells) } };
}

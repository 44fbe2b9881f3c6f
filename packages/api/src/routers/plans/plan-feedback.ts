import type { Stores } from "@assay/db";
import { asksForFeedback, type FeedbackCell, type Plan, withFeedback } from "@assay/schema";

/**
 * A plan that asks for feedback, with its project's own reports as they are now, whatever file the plan names: on a server that
 * file stands for them. Null cells where it does not ask.
 */
export async function withProjectFeedback(
  plan: Plan,
  projectId: string,
  { feedback }: Pick<Stores, "feedback">,
): Promise<{ readonly plan: Plan; readonly cells: readonly FeedbackCell[] | null }> {
  if (!asksForFeedback(plan)) return { plan, cells: null };
  const cells = await feedback.cells(projectId);
  return { plan: withFeedback(plan, cells), cells };
}

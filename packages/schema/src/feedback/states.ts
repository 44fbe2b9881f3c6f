/**
 * Where a report of somebody affected stands. new: nobody looked; in-review; upheld: it was right; resolved: it was right and
 * is put right; dismissed: looked at and not right; withdrawn: by its sender; spam: no report at all.
 */
export const feedbackStates = ["new", "in-review", "upheld", "resolved", "dismissed", "withdrawn", "spam"] as const;
export type FeedbackState = (typeof feedbackStates)[number];

/** States that still want somebody's work. */
export const openFeedback = ["new", "in-review"] as const satisfies readonly FeedbackState[];

/** States in which a report was found right. */
export const upheldFeedback = ["upheld", "resolved"] as const satisfies readonly FeedbackState[];

/** States that enter counts: what was withdrawn or is no report does not. */
export const countedFeedback = [
  "new",
  "in-review",
  "upheld",
  "resolved",
  "dismissed",
] as const satisfies readonly FeedbackState[];

export function isOpenFeedback(state: FeedbackState): boolean {
  return openFeedback.some((one) => one === state);
}

export function isUpheldFeedback(state: FeedbackState): boolean {
  return upheldFeedback.some((one) => one === state);
}

export function isCountedFeedback(state: FeedbackState): boolean {
  return countedFeedback.some((one) => one === state);
}

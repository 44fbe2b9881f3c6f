import type { FeedbackCell, Plan, Problem } from "@assay/schema";

/** The reports that a plan was given in place of what it names; null where it names none. */
export function bindFeedback({ feedback }: Plan): {
  readonly cells: readonly FeedbackCell[] | null;
  readonly problems: readonly Problem[];
} {
  if (feedback === undefined) return { cells: null, problems: [] };
  if (feedback === "project") {
    const message =
      "the project's own reports lie on its server, which counts them there; here give { file: feedback.csv }, as the server exports it";
    return { cells: null, problems: [{ at: "feedback", message }] };
  }
  if ("cells" in feedback) return { cells: feedback.cells, problems: [] };
  if ("file" in feedback) {
    const message = `"${feedback.file}" is a file beside the plan, which is not here; run the plan with \`assay run\`, or on a server`;
    return { cells: null, problems: [{ at: "feedback.file", message }] };
  }
  const message = "a report keeps the digest of what it counted, not the counts; give { file: feedback.csv }";
  return { cells: null, problems: [{ at: "feedback", message }] };
}

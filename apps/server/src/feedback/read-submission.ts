import { type FeedbackForm, feedbackLimits, type Locale } from "@assay/schema";
import { words } from "./words.ts";

/** A field that people do not see and programs fill in. */
export const trapField = "website";

/** The name of the field of the question at a place: columns may have any name. */
export function fieldOf(question: number): string {
  return `group-${question + 1}`;
}

/** A form as it was sent, whatever is wrong with it. */
export interface Submission {
  readonly what: string;
  readonly decision: string;
  readonly decisionReference: string;
  /** By question; empty where it is not answered. */
  readonly groups: readonly string[];
  readonly contact: string;
  readonly trap: string;
  readonly stamp: string;
}

export const emptySubmission: Submission = {
  what: "",
  decision: "",
  decisionReference: "",
  groups: [],
  contact: "",
  trap: "",
  stamp: "",
};

export function readSubmission(fields: URLSearchParams, { groups }: FeedbackForm): Submission {
  // PostgreSQL keeps no U+0000; browsers end lines with two characters.
  const text = (name: string): string => (fields.get(name) ?? "").replaceAll("\u0000", "").replaceAll("\r\n", "\n");
  return {
    what: text("what").trim(),
    decision: text("decision"),
    decisionReference: text("decisionReference").trim(),
    groups: groups.map((_, index) => text(fieldOf(index))),
    contact: text("contact").trim(),
    trap: text(trapField),
    stamp: text("stamp"),
  };
}

/** What keeps a form from being kept, by field. */
export function submissionProblems(
  submission: Submission,
  settings: FeedbackForm,
  locale: Locale,
): Map<string, string> {
  const say = words[locale].problems;
  const problems = new Map<string, string>();
  if (submission.what === "") problems.set("what", say.whatMissing);
  for (const field of ["what", "decisionReference", "contact"] as const) {
    const most = feedbackLimits[field];
    // As browsers count `maxlength`: UTF-16 units.
    if (submission[field].length > most) problems.set(field, say.tooLong(most));
  }
  const isOption = (options: FeedbackForm["decisions"], value: string): boolean =>
    value === "" || options.some((option) => option.value === value);
  if (!isOption(settings.decisions, submission.decision)) problems.set("decision", say.notAChoice);
  for (const [index, { options }] of settings.groups.entries()) {
    if (!isOption(options, submission.groups[index] ?? "")) problems.set(fieldOf(index), say.notAChoice);
  }
  if (submission.trap !== "") problems.set("", say.trap);
  return problems;
}

/** Column → group of the questions that were answered. */
export function groupOfSubmission({ groups }: Submission, settings: FeedbackForm): Record<string, string> {
  return Object.fromEntries(
    settings.groups.flatMap(({ column }, index) => {
      const value = groups[index] ?? "";
      return value === "" ? [] : [[column, value] as const];
    }),
  );
}

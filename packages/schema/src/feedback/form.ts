import { z } from "zod";
import { ColumnName } from "../file-text.ts";

/** One line or more, without U+0000, which PostgreSQL does not keep. */
const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `at most ${most} characters`)
    .refine((value) => !value.includes("\u0000"), "holds a NUL character");
const localized = (most: number) => z.strictObject({ en: text(most), "zh-CN": text(most) });

/** A choice: what is stored, and what people read; an empty word means the value itself. */
export const FeedbackOption = z.strictObject({ value: text(200).min(1, "is empty"), label: localized(200) });
export type FeedbackOption = z.infer<typeof FeedbackOption>;

const options = (most: number) =>
  z
    .array(FeedbackOption)
    .max(most, `at most ${most} choices`)
    .refine((list) => new Set(list.map(({ value }) => value)).size === list.length, "a choice stands twice");

/** A question that nobody has to answer: which group of a protected column somebody belongs to. */
export const FeedbackQuestion = z.strictObject({
  /** The protected column, as plans name it; choices are its groups as the data write them. */
  column: ColumnName,
  question: localized(300),
  options: options(60).min(1, "needs a choice"),
});
export type FeedbackQuestion = z.infer<typeof FeedbackQuestion>;

/** Scheme, host and port alone. */
const Origin = z.string().transform((given, context) => {
  const url = URL.canParse(given.trim()) ? new URL(given.trim()) : null;
  // In a policy of frames `;` and `,` end a directive, and `*` stands for many sites.
  const isPlain = url !== null && /^(?:[\w.-]+|\[[0-9a-f:]+\])(?::\d+)?$/i.test(url.host);
  if (isPlain && /^https?:$/.test(url.protocol) && [url.origin, `${url.origin}/`].includes(url.href)) {
    return url.origin;
  }
  context.addIssue({
    code: "custom",
    message: `"${given}" is no origin; write scheme, host and port alone, such as https://www.example.org`,
  });
  return z.NEVER;
});

const Web = z
  .url({ protocol: /^https?$/, error: "not an http(s) address" })
  .max(2000)
  .refine((text) => URL.canParse(text) && new URL(text).username === "" && new URL(text).password === "", {
    error: "holds a user name or password, which no request may carry; notices are signed with the form's secret",
  });

/** What a project asks of people affected, and what it does with what they say. */
export const FeedbackForm = z.strictObject({
  title: localized(200),
  intro: localized(4000),
  /** Who reads it, what for, how long it is kept. */
  privacy: localized(8000),
  /** Who answers questions about it: an address or a telephone number. */
  contact: text(300),
  decisions: options(40),
  groups: z
    .array(FeedbackQuestion)
    .max(8, "at most 8 questions")
    .refine((list) => new Set(list.map(({ column }) => column)).size === list.length, "a column is asked twice"),
  /** Sites that may show the form in a frame. */
  origins: z.array(Origin).max(20, "at most 20 sites"),
  /** Days after an end until what was written is erased; null keeps it. Counts stay. */
  retentionDays: z.int().min(1).max(3650).nullable(),
  notify: z.strictObject({
    email: z.email("not an e-mail address").max(254).nullable(),
    webhook: Web.nullable(),
  }),
});
export type FeedbackForm = z.infer<typeof FeedbackForm>;
export type FeedbackFormInput = z.input<typeof FeedbackForm>;

/** Longest texts that a sender may write, in characters. */
export const feedbackLimits = { what: 5000, decisionReference: 200, contact: 300, note: 5000, rowId: 200 } as const;

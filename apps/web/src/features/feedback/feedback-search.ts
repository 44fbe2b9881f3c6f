import { createLoader, type inferParserType, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { ApiInputs } from "../../trpc/types.ts";

export const shows = [
  "open",
  "all",
  "new",
  "in-review",
  "upheld",
  "resolved",
  "dismissed",
  "withdrawn",
  "spam",
] as const;
export const whens = ["ever", "7", "30", "365"] as const;
export const pageSize = 25;
const dayMs = 24 * 3600 * 1000;

/** What of the list stands in the URL. */
export const feedbackSearch = {
  show: parseAsStringLiteral(shows).withDefault("open"),
  search: parseAsString.withDefault(""),
  /** `me`, `none` or an account's id. */
  assignee: parseAsString.withDefault(""),
  /** A column and its group, as JSON: names may hold anything. */
  group: parseAsString.withDefault(""),
  when: parseAsStringLiteral(whens).withDefault("ever"),
  page: parseAsInteger.withDefault(1),
};
export const loadFeedbackSearch = createLoader(feedbackSearch);
export type FeedbackSearch = inferParserType<typeof feedbackSearch>;

export function feedbackListInput(
  { show, search, assignee, group, when, page }: FeedbackSearch,
  now: number,
): Omit<ApiInputs["feedback"]["list"], "project"> {
  const text = search.trim();
  const chosen = readGroup(group);
  return {
    page: Math.max(1, page),
    pageSize,
    ...(show === "all" ? {} : { states: show === "open" ? ["new", "in-review"] : [show] }),
    ...(text === "" ? {} : { search: text }),
    ...(assignee === "" ? {} : { assignee }),
    ...(chosen === null ? {} : { column: chosen[0], group: chosen[1] }),
    ...(when === "ever" ? {} : { from: new Date(now - Number(when) * dayMs).toISOString() }),
  };
}

export function writeGroup(column: string, value: string): string {
  return JSON.stringify([column, value]);
}

/** Null for anything that is none: addresses are written by hand, too. */
export function readGroup(text: string): readonly [string, string] | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return null;
    const [column, group]: unknown[] = value;
    return typeof column === "string" && typeof group === "string" ? [column, group] : null;
  } catch {
    return null;
  }
}

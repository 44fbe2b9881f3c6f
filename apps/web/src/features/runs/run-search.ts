import { createLoader, type inferParserType, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { ApiInputs } from "../../trpc/types.ts";

export const shows = ["all", "fail", "indeterminate", "pass", "none", "running", "failed", "cancelled"] as const;
export const sorts = ["newest", "oldest", "verdict", "duration"] as const;
export const pageSize = 25;

/** What of the run list stands in the URL. */
export const runSearch = {
  show: parseAsStringLiteral(shows).withDefault("all"),
  search: parseAsString.withDefault(""),
  sort: parseAsStringLiteral(sorts).withDefault("newest"),
  page: parseAsInteger.withDefault(1),
};
export const loadRunSearch = createLoader(runSearch);
export type RunSearch = inferParserType<typeof runSearch>;

export function runListInput({ show, search, sort, page }: RunSearch): Omit<ApiInputs["runs"]["list"], "project"> {
  const text = search.trim();
  return {
    sort,
    page: Math.max(1, page),
    pageSize,
    ...(text === "" ? {} : { search: text }),
    ...(show === "all"
      ? {}
      : show === "running" || show === "failed" || show === "cancelled"
        ? { status: show }
        : { verdict: show }),
  };
}

import { createLoader, parseAsInteger, parseAsNativeArrayOf, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { constraints } from "./mitigation-choice.ts";

/** What of the page stands in the URL: the run by its number, and what the form begins with. */
export const mitigationSearch = {
  run: parseAsInteger,
  by: parseAsNativeArrayOf(parseAsString),
  constraint: parseAsStringLiteral(constraints),
};
export const loadMitigationSearch = createLoader(mitigationSearch);

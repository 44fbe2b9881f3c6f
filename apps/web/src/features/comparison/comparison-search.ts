import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { verdictChoices } from "./number-rows.ts";

/** What of a comparison stands in the URL: the two runs by their numbers, and what of the table is shown. */
export const sidesSearch = { a: parseAsInteger, b: parseAsInteger };
export const loadSides = createLoader(sidesSearch);

export const tableSearch = {
  show: parseAsStringLiteral(verdictChoices).withDefault("all"),
  of: parseAsString.withDefault(""),
};

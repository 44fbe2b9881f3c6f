import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { verdictChoices } from "./number-rows.ts";

/** How two runs are held against each other: row by row, or by the intervals of their reports. */
export const hows = ["rows", "intervals"] as const;

/**
 * What of a comparison stands in the URL: the two runs by their numbers, and how they are compared; `id` of one comparison
 * row by row among several of the two.
 */
export const sidesSearch = {
  a: parseAsInteger,
  b: parseAsInteger,
  how: parseAsStringLiteral(hows),
  id: parseAsString,
};
export const loadSides = createLoader(sidesSearch);

export const tableSearch = {
  show: parseAsStringLiteral(verdictChoices).withDefault("all"),
  of: parseAsString.withDefault(""),
};

import { expect, test } from "vitest";
import { typeOfTexts } from "./column-type.ts";

test.each([
  [["1", "-2", "+3", "0"], "integer"],
  [["1", null, "2"], "integer"],
  [["1", "2.5"], "number"],
  [["1e3", ".5", "2."], "number"],
  [["12345678901234567890"], "integer"],
  [["01234", "5"], "text"],
  [["00"], "text"],
  [["007.5"], "text"],
  [["0.5", "-0.25"], "number"],
  [["1", "1e999"], "text"],
  [["true", "FALSE", "True"], "boolean"],
  [["yes", "no"], "text"],
  [["true", "1"], "text"],
  [["2013-08-14", "1947-04-18"], "date"],
  [["2013-08-13 06:03:42", "2013-08-13"], "date"],
  [["2013-08-13T06:03:42.5+02:00", "2013-08-13T06:03Z"], "date"],
  [["2013/08/14"], "date"],
  [["2013-02-29"], "text"],
  [["2012-02-29"], "date"],
  [["2013-13-01"], "text"],
  [["2013-1-1"], "text"],
  [["2013-08-13 25:00"], "text"],
  [["NA", "1"], "text"],
  [["-"], "text"],
  [["inf"], "text"],
  [[null, null], "text"],
  [[], "text"],
] as const)("%j is %s", (texts, type) => {
  expect(typeOfTexts(texts)).toBe(type);
});

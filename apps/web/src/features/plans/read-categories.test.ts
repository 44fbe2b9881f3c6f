import { expect, test } from "vitest";
import { readCategories } from "./read-categories.ts";

test("lists of texts are read as they are or under `categories`, and nothing else is", () => {
  const lists = { sex: ["Female", "Male"] };
  expect(readCategories(JSON.stringify(lists))).toEqual(lists);
  expect(readCategories(JSON.stringify({ columns: ["sex"], categories: lists }))).toEqual(lists);
  for (const text of ["", "[1]", '{"sex": [1]}', '{"sex": "Female"}']) expect(readCategories(text)).toBeNull();
});

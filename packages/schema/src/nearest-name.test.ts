import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

test("suggests the nearest name for a slip, and nothing for another word", () => {
  expect(nearestName("gendr", ["age", "gender", "race"])).toBe("gender");
  expect(nearestName("RACE", ["age", "race"])).toBe("race");
  expect(nearestName("zipcode", ["age", "race"])).toBeNull();
});

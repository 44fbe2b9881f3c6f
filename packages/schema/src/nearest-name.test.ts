import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

test("suggests the nearest name for a slip, and nothing for another word", () => {
  expect(nearestName("gendr", ["age", "gender", "race"])).toBe("gender");
  expect(nearestName("RACE", ["age", "race"])).toBe("race");
  expect(nearestName("zipcode", ["age", "race"])).toBeNull();
  expect(nearestName("Olso", ["Bern", "Oslo"])).toBe("Oslo");
  expect(nearestName("gruop", ["group", "groups"])).toBe("group");
});

test("suggests nothing for names of a letter or two but the same in other capitals", () => {
  expect(nearestName("y", ["x", "d", "yes"])).toBeNull();
  expect(nearestName("<<", ["id", "score"])).toBeNull();
  expect(nearestName("xx", ["g", "sex"])).toBeNull();
  expect(nearestName("Y", ["d", "y"])).toBe("y");
  expect(nearestName("ag", ["age", "g"])).toBe("age");
});

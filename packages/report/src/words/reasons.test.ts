import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { reasonText } from "./reasons.ts";

const audits = fileURLToPath(new URL("../../../audits/src", import.meta.url));

/** Reasons as the audits' files write them, with the words that stand in for what is not known. */
const written = readdirSync(audits, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.startsWith("testing"))
  .flatMap((name) =>
    [
      ...readFileSync(join(audits, name), "utf8").matchAll(
        /(?:undefinedReason|reason): "([^"]+)"|noProbability = "([^"]+)"|reason \?\? "([^"]+)"/g,
      ),
    ].map((found) => found[1] ?? found[2] ?? found[3] ?? ""),
  );

test("every reason that an audit writes has words in Chinese", () => {
  expect(written.length).toBeGreaterThan(60);
  expect(written).toContain("score outside [0, 1] is no probability");
  expect(
    [...new Set(written)].filter((reason) => !/\p{Script=Han}/u.test(reasonText(reason)?.["zh-CN"] ?? "")),
  ).toEqual([]);
});

test("a reason with numbers keeps them, and an unknown one is left to whoever shows it", () => {
  const few = reasonText("fewer than two groups have 30 rows and a defined true-positive-rate");
  expect(few?.["zh-CN"]).toBe("至少有 30 行且 true-positive-rate 有定义的组不足两个");
  const approximate = reasonText("fewer than 20 rows of the rarer label in a group: the interval is approximate");
  expect(approximate?.["zh-CN"]).toBe("某个组中较少的标签不足 20 行：区间为近似值");
  const untested = reasonText("no test: tables of more than 60 groups are not shuffled, nor those without spread");
  expect(untested?.["zh-CN"]).toContain("60");
  expect(reasonText("the moon is full")).toBeNull();
});

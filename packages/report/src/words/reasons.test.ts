import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { reasonText } from "./reasons.ts";

const audits = fileURLToPath(new URL("../../../audits/src", import.meta.url));

/** Reasons as the files of metrics of decisions and scores write them. */
const written = ["metrics", "metrics/scores", "metrics/classes"].flatMap((folder) =>
  readdirSync(join(audits, folder))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .flatMap((name) =>
      [
        ...readFileSync(join(audits, folder, name), "utf8").matchAll(
          /undefinedReason: "([^"]+)"|noProbability = "([^"]+)"/g,
        ),
      ].map((found) => found[1] ?? found[2] ?? ""),
    ),
);

test("every reason of a metric of decisions, scores and classes has words in Chinese", () => {
  expect(written.length).toBeGreaterThan(20);
  expect(written).toContain("score outside [0, 1] is no probability");
  for (const reason of written) expect(reasonText(reason)?.["zh-CN"], reason).toMatch(/\p{Script=Han}/u);
});

test("a reason with numbers keeps them, and an unknown one is left to whoever shows it", () => {
  const few = reasonText("fewer than two groups have 30 rows and a defined true-positive-rate");
  expect(few?.["zh-CN"]).toBe("至少有 30 行且 true-positive-rate 有定义的组不足两个");
  expect(reasonText("the moon is full")).toBeNull();
});

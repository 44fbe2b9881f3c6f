import { createTranslator } from "next-intl";
import { expect, test } from "vitest";
import en from "../../i18n/en.json" with { type: "json" };
import zhCN from "../../i18n/zh-CN.json" with { type: "json" };
import { type Stand, standOf } from "./stand.ts";

const last = (
  status: "queued" | "running" | "completed" | "failed",
  verdict: "pass" | "fail" | "indeterminate" | "none" | null,
  name = "Lending",
) => ({ name, runs: 2, lastRun: { status, verdict } });
const none = { name: "New", runs: 0, lastRun: null };

test("the overview opens with the worst last run", () => {
  expect(standOf([last("completed", "pass"), last("failed", null), last("completed", "fail", "Hiring")])).toEqual({
    kind: "failing",
    count: 1,
    name: "Hiring",
    runs: 6,
  });
  expect(standOf([last("completed", "pass"), last("failed", null)]).kind).toBe("broken");
  expect(standOf([last("running", null), last("completed", "none")]).kind).toBe("running");
});

test("never calls it good before a run is complete, or where no rule judged one", () => {
  expect(standOf([none]).kind).toBe("unknown");
  expect(standOf([last("completed", "none"), none]).kind).toBe("unjudged");
  expect(standOf([last("completed", "pass"), none, last("completed", "none")])).toMatchObject({
    kind: "good",
    count: 1,
  });
});

const told = (kind: Stand["kind"], count: number, total: number, runs = 3): [string, string] => {
  const values = { all: count === total ? "yes" : "no", count, total, runs, name: "Lending" };
  return [
    createTranslator({ locale: "en", messages: en, namespace: "overview.answer" })(kind, values),
    createTranslator({ locale: "zh-CN", messages: zhCN, namespace: "overview.answer" })(kind, values),
  ];
};

test.each<[Parameters<typeof told>, string, string]>([
  [["failing", 1, 1], "Lending fails at least one check.", "Lending 有检查未通过。"],
  [
    ["failing", 1, 2],
    "One of two projects fails at least one check: Lending.",
    "2 个项目中有 1 个存在未通过的检查：Lending。",
  ],
  [["failing", 2, 2], "Both projects fail at least one check.", "2 个项目都存在未通过的检查。"],
  [["failing", 2, 11], "Two of 11 projects fail at least one check.", "11 个项目中有 2 个存在未通过的检查。"],
  [["failing", 3, 3], "All three projects fail at least one check.", "3 个项目都存在未通过的检查。"],
  [["broken", 1, 4], "The last run of Lending could not be completed.", "Lending 最近一次运行未能完成。"],
  [["broken", 2, 4], "The last runs of two projects could not be completed.", "有 2 个项目最近一次运行未能完成。"],
  [
    ["open", 1, 1],
    "No check fails; in Lending some cannot be decided yet.",
    "没有检查未通过；Lending 的部分检查尚不能判断。",
  ],
  [["good", 1, 1], "All checks of Lending hold.", "Lending 的检查全部通过。"],
  [["good", 3, 4], "Nothing fails.", "没有检查未通过。"],
  [
    ["unjudged", 1, 1],
    "No rule judges the last run of Lending, so nothing in it passes or fails.",
    "Lending 最近一次运行没有设定规则，因此不作通过与否的判断。",
  ],
  [["unknown", 0, 1, 0], "No audit has been run yet.", "还没有运行过审计。"],
])("says it as a person would: %j", (given, english, chinese) => {
  expect(told(...given)).toEqual([english, chinese]);
});

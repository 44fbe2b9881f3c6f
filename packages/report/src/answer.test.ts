import type { Report } from "@assay/schema";
import { expect, test } from "vitest";
import { answer } from "./answer.ts";
import { claimSentence, findingParts, sortedFindings } from "./findings.ts";
import { compasReport } from "./fixtures/compas-report.ts";
import { pillarVerdicts } from "./pillar-verdicts.ts";
import { ledeOf } from "./renderers/report-lines.ts";
import { en } from "./words/en.ts";
import { metricBy, metricName } from "./words/metrics.ts";
import { zhCn } from "./words/zh-cn.ts";

type Gate = Report["gate"];
type Verdict = Gate["rules"][number]["verdict"];

function gateOf(...verdicts: Verdict[]): Gate {
  const verdict = verdicts.includes("fail") ? "fail" : verdicts.includes("indeterminate") ? "indeterminate" : "pass";
  return {
    verdict: verdicts.length === 0 ? "none" : verdict,
    rules: verdicts.map((one, index) => ({
      rule: { metric: `metric-${index}`, at_least: 0.5 },
      source: "plan",
      verdict: one,
      text: { en: `Rule ${index}.`, "zh-CN": `规则 ${index}。` },
      measures: [],
    })),
  };
}

const told = (gate: Gate, audits: Report["audits"] = []): [string, string] => [
  answer({ gate, audits }, "en"),
  answer({ gate, audits }, "zh-CN"),
];

test("the answer counts the checks and tells the finding behind them", () => {
  const report = compasReport();
  expect(answer(report, "en")).toBe(
    "Three of five checks fail, and one cannot be decided yet. False alarms differ by race.",
  );
  expect(answer(report, "zh-CN")).toBe("五项检查中有三项未通过，一项尚不能判断。误报因种族而异。");
});

test.each<[Verdict[], string, string]>([
  [["pass"], "The one check holds.", "唯一的检查项通过。"],
  [["pass", "pass"], "Both checks hold.", "全部两项检查均通过。"],
  [["fail"], "The one check fails. Rule 0.", "唯一的检查项未通过。规则 0。"],
  [["fail", "fail"], "Both checks fail. Rule 0.", "全部两项检查均未通过。规则 0。"],
  [["fail", "pass"], "One of two checks fails. Rule 0.", "两项检查中有一项未通过。规则 0。"],
  [["indeterminate"], "The one check cannot be decided yet. Rule 0.", "唯一的检查项尚不能判断。规则 0。"],
  [
    ["pass", "indeterminate", "pass"],
    "No check fails, but one of three cannot be decided yet. Rule 1.",
    "没有检查项未通过，但三项中有一项尚不能判断。规则 1。",
  ],
])("says it for %j", (verdicts, english, chinese) => {
  expect(told(gateOf(...verdicts))).toEqual([english, chinese]);
});

test("without rules the gravest finding is the answer, and nothing passes", () => {
  const { audits } = compasReport();
  expect(told(gateOf(), audits)).toEqual(["False alarms differ by race.", "误报因种族而异。"]);
  const report: Report = { ...compasReport(), gate: gateOf() };
  expect(ledeOf(report, "en")).toMatch(/ No rule judges this run, so nothing in it passes or fails\.$/);
  expect(ledeOf(report, "zh-CN")).toMatch(/本次运行没有设定规则，因此不作通过与否的判断。$/);
  expect(ledeOf(compasReport(), "en")).not.toContain("No rule");
  expect(told(gateOf())[0]).toBe("No rule judges this run, so nothing in it passes or fails.");
});

test("an audit that failed is never passed over", () => {
  const [first] = compasReport().audits;
  const failed = first ? [{ ...first, status: "failed" as const, findings: [], measures: [] }] : [];
  expect(told(gateOf("pass"), failed)).toEqual([
    "One audit could not be completed. The one check holds.",
    "有一项审计未能完成。唯一的检查项通过。",
  ]);
  const fairness = pillarVerdicts({ gate: gateOf(), audits: failed }).find((one) => one.pillar === "fairness");
  expect(fairness).toMatchObject({
    verdict: "indeterminate",
    line: { en: "fairness.group-metrics could not be completed" },
  });
});

test("rules that pass do not hide an audit's own failing finding", () => {
  expect(told(gateOf("pass"), compasReport().audits)[0]).toBe("The one check holds. False alarms differ by race.");
});

test("every pillar has one verdict, by its rules first", () => {
  const verdicts = Object.fromEntries(pillarVerdicts(compasReport()).map(({ pillar, verdict }) => [pillar, verdict]));
  expect(verdicts).toEqual({
    efficiency: "none",
    explainability: "pass",
    fairness: "fail",
    impact: "indeterminate",
    privacy: "fail",
  });
  const unruled = pillarVerdicts({ ...compasReport(), gate: gateOf() });
  expect(unruled.map(({ verdict }) => verdict)).toEqual(["none", "none", "fail", "none", "fail"]);
});

test("findings come gravest first", () => {
  expect(sortedFindings(compasReport()).map(({ finding }) => finding.id)).toEqual([
    "fpr-race",
    "fnr-race",
    "unique",
    "few",
    "auc",
    "tree",
  ]);
});

test("a claim becomes a heading, a claim in mid-sentence up to its colon", () => {
  expect(findingParts("**False alarms differ by race.** Of people …")).toEqual({
    claim: "False alarms differ by race",
    rest: "Of people …",
  });
  expect(findingParts("**Cannot tell yet** for Asian women (n = 11): the interval runs from 9 to 61 %.")).toEqual({
    claim: "Cannot tell yet for Asian women (n = 11)",
    rest: "The interval runs from 9 to 61 %.",
  });
  expect(findingParts("**尚不能判断** Asian（n = 11）：区间为 9% 至 61%。")).toEqual({
    claim: "尚不能判断 Asian（n = 11）",
    rest: "区间为 9% 至 61%。",
  });
  expect(findingParts("plain text")).toEqual({ claim: "plain text", rest: "" });
  expect(claimSentence("**误报因种族而异。**未再犯者")).toBe("误报因种族而异。");
});

test("metrics have names in both languages, disparities from their base", () => {
  expect(metricName("false-positive-rate-difference")).toEqual({
    en: "false-positive rate difference",
    "zh-CN": "假正例率之差",
  });
  expect(metricName("impact-ratio").en).toBe("impact ratio");
  expect(metricBy("selection-rate-ratio", ["race", "sex"]).en).toBe("selection rate ratio by race × sex");
  expect(metricName("word-error-rate").en).toBe("word error rate");
});

test("Chinese has every word that English has, and none is left in English", () => {
  const walk = (a: object, b: object, at: string): void => {
    for (const [key, value] of Object.entries(a)) {
      const other: unknown = Reflect.get(b, key);
      if (typeof value === "object" && value !== null && typeof other === "object" && other !== null)
        walk(value, other, `${at}.${key}`);
      else if (`${at}.${key}` !== ".people") expect(other, `${at}.${key}`).toMatch(/[\u4e00-\u9fff]/);
    }
  };
  walk(en, zhCn, "");
  expect(Object.keys(zhCn)).toEqual(Object.keys(en));
});

test("a finding that an audit only calls worth knowing takes the verdict of the rule about its own numbers", () => {
  const report = compasReport();
  const audits = report.audits.map((audit) => ({
    ...audit,
    findings: audit.findings.map((finding) => ({ ...finding, verdict: "info" as const })),
  }));
  const verdicts = Object.fromEntries(
    sortedFindings({ audits, gate: report.gate }).map(({ finding, verdict }) => [finding.id, verdict]),
  );
  // fnr-race speaks of no measure that a rule judges; tree's rule holds; auc's straddles its bound.
  expect(verdicts).toEqual({
    "fpr-race": "fail",
    "fnr-race": "info",
    few: "info",
    unique: "fail",
    tree: "pass",
    auc: "indeterminate",
  });
  expect(answer({ audits, gate: report.gate }, "en")).toBe(
    "Three of five checks fail, and one cannot be decided yet. False alarms differ by race.",
  );
});

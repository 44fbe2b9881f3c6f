import type { AuditResult, Measure, Rule } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { judgeGate } from "./gate.ts";

function result(measures: Measure[]): AuditResult {
  return {
    id: "fairness.group-metrics",
    version: 1,
    status: "completed",
    summary: null,
    measures,
    findings: [],
    figures: [],
    tables: [],
    artifacts: [],
  };
}

function verdict(rule: Rule, measures: Measure[]): string {
  return judgeGate([{ rule, source: "plan" }], [result(measures)], []).verdict;
}

const ratio = (low: number, high: number): Measure => ({
  metric: "selection-rate-ratio",
  by: ["race"],
  value: (low + high) / 2,
  low,
  high,
});

describe("the gate", () => {
  const atLeast: Rule = { metric: "selection-rate-ratio", by: ["race"], at_least: 0.8 };
  const atMost: Rule = { metric: "selection-rate-ratio", by: ["race"], at_most: 0.8 };

  it.each([
    [atLeast, 0.8, 0.9, "pass"],
    [atLeast, 0.7, 0.9, "indeterminate"],
    [atLeast, 0.7, 0.8, "indeterminate"],
    [atLeast, 0.6, 0.79, "fail"],
    [atMost, 0.7, 0.8, "pass"],
    [atMost, 0.7, 0.81, "indeterminate"],
    [atMost, 0.8, 0.9, "indeterminate"],
    [atMost, 0.81, 0.9, "fail"],
  ] as const)("%j with interval %d to %d: %s", (rule, low, high, expected) => {
    expect(verdict(rule, [ratio(low, high)])).toBe(expected);
  });

  it("is indeterminate, never a pass, where the measure is missing or null", () => {
    expect(verdict(atLeast, [])).toBe("indeterminate");
    expect(verdict(atLeast, [{ metric: "selection-rate-ratio", by: ["race"], value: null, reason: "one group" }])).toBe(
      "indeterminate",
    );
  });

  it("speaks of the feature that a rule names, and without one of no feature", () => {
    const rule: Rule = { metric: "shapley-value", feature: "sex", at_most: 0.01 };
    const of = (feature: string, value: number): Measure => ({
      metric: "shapley-value",
      feature,
      value,
      low: value - 0.002,
      high: value + 0.002,
    });
    const measures = [of("age", 0.2), of("sex", 0.005)];
    const gate = judgeGate([{ rule, source: "plan" }], [result(measures)], []);
    expect(gate.verdict).toBe("pass");
    expect(gate.rules[0]?.measures).toEqual([{ audit: "fairness.group-metrics", index: 1 }]);
    expect(gate.rules[0]?.text.en).toMatch(/^shapley-value of sex must be at most 0\.01; it is 0\.005/);
    expect(gate.rules[0]?.text["zh-CN"]).toMatch(/^sex 的 shapley-value 须至多 0\.01/);
    expect(verdict({ ...rule, feature: "age" }, measures)).toBe("fail");
    expect(verdict({ metric: "shapley-value", at_most: 0.01 }, measures)).toBe("indeterminate");
  });

  it("judges every group of a per-group metric but the unknown, and tells the worst", () => {
    const rule: Rule = { metric: "false-positive-rate", by: ["race"], at_most: 0.3 };
    const group = (name: string | null, value: number): Measure => ({
      metric: "false-positive-rate",
      group: { race: name },
      value,
      low: value - 0.02,
      high: value + 0.02,
    });
    const gate = judgeGate(
      [{ rule, source: "plan" }],
      [result([group("a", 0.1), group("b", 0.45), group("c", 0.4), group(null, 0.9)])],
      [],
    );
    expect(gate.verdict).toBe("fail");
    expect(gate.rules[0]?.measures.map((one) => one.index)).toEqual([0, 1, 2]);
    expect(gate.rules[0]?.text.en).toContain(
      "False-positive rate by race must be at most 30 %; b has 45.0 % (interval 43.0 to 47.0)",
    );
    expect(gate.rules[0]?.text["zh-CN"]).toContain("b 为 45.0 %（区间 43.0 至 47.0）");
  });

  it("leaves out measures of a split where the rule has no by", () => {
    const rule: Rule = { metric: "latency-ms", at_most: 5 };
    const measures = [
      { metric: "latency-ms", value: 2, low: 1, high: 3 },
      { metric: "latency-ms", split: "batch 4096", value: 80, low: 70, high: 90 },
    ];
    expect(judgeGate([{ rule, source: "plan" }], [result(measures)], []).rules[0]?.measures).toHaveLength(1);
    expect(verdict(rule, measures)).toBe("pass");
  });

  it("speaks of the overall measure where the rule has no by", () => {
    const rule: Rule = { metric: "accuracy", at_least: 0.5 };
    expect(verdict(rule, [{ metric: "accuracy", group: { race: "a" }, value: 0.1 }])).toBe("indeterminate");
    expect(verdict(rule, [{ metric: "accuracy", value: 0.6 }])).toBe("pass");
  });

  it("has the verdict none where there is no rule", () => {
    expect(judgeGate([], [result([])], [])).toEqual({ verdict: "none", rules: [] });
  });

  it("fails before it is indeterminate", () => {
    const gate = judgeGate(
      [
        { rule: atLeast, source: "plan" },
        { rule: { metric: "accuracy", at_least: 0.9 }, source: "own" },
      ],
      [result([ratio(0.1, 0.2)])],
      [],
    );
    expect(gate.verdict).toBe("fail");
    expect(gate.rules.map((one) => one.verdict)).toEqual(["fail", "indeterminate"]);
  });
});

import { checkPlan, locales, Policy } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { preparePlan } from "../prepare.ts";
import { registry } from "../registry.ts";
import { frameworks } from "./index.ts";

const known = ["hired", "y", "race", "sex", "a"].map((name) => ({ name, type: "text" }) as const);

/** Every metric that some audit can give, with all roles that a plan without a model has. */
const given = (() => {
  const { audits } = preparePlan(
    checkPlan({
      version: 1,
      data: { file: "x.csv" },
      columns: {
        decision: "hired",
        label: "y",
        positive: "1",
        score: "s",
        protected: ["race", "sex"],
        features: ["a", "sex"],
      },
      audits: {
        "fairness.group-metrics": {},
        "fairness.impact-ratio": {},
        "fairness.individual": {},
        "fairness.representation": { population: { sex: { F: 0.5, M: 0.5 } } },
      },
    }),
    [...known, { name: "s", type: "number" }],
  );
  return new Map(audits.map((audit) => [audit.definition.id as string, audit.gives.map(({ metric }) => metric)]));
})();

/** What audits print without giving rules a hold on it, or only with a model. */
const besides = new Set(["favourable-rate", "counterfactual-flip-rate", "normalized-mutual-information"]);

describe.each(frameworks.map((policy) => [policy.id, policy as Policy] as const))("%s", (_, policy) => {
  it("says what it is, where, of what status, and what was read for that on which day", () => {
    expect(Policy.parse(policy)).toEqual(policy);
    expect(policy.checkedOn).toMatch(/^2026-/);
    expect(policy.source).toMatch(/^https?:\/\//);
    expect(policy.citation).toBeTruthy();
    for (const locale of locales) {
      for (const text of [policy.title, policy.jurisdiction, policy.note, policy.checkedAgainst]) {
        expect(text?.[locale].trim()).toBeTruthy();
      }
    }
    const days = (policy.dates ?? []).map(({ on }) => on);
    expect(days).toEqual([...days].sort());
    // What is not applied yet has a day to come.
    if (policy.status === "delayed" || policy.status === "enacted") {
      expect(days.some((day) => day > (policy.checkedOn ?? ""))).toBe(true);
    }
  });

  it("gives each provision something of a report or something to document, and speaks of numbers that audits give", () => {
    expect(policy.clauses?.length).toBeGreaterThan(0);
    for (const { cite, evidence = [], document = [] } of policy.clauses ?? []) {
      expect(evidence.length + document.length, cite).toBeGreaterThan(0);
      for (const { audit, metrics = [] } of evidence) {
        expect(
          registry.some(({ id }) => id === audit),
          `${cite}: ${audit}`,
        ).toBe(true);
        for (const metric of metrics) {
          expect(besides.has(metric) || given.get(audit)?.includes(metric), `${cite}: ${audit} gives ${metric}`).toBe(
            true,
          );
        }
      }
    }
    for (const id of policy.audits) expect(registry.some((audit) => audit.id === id)).toBe(true);
  });

  it("claims compliance nowhere, and judges only where the source writes a bound down", () => {
    expect(JSON.stringify(policy)).not.toMatch(/complian|complies|合规/i);
    const hasBound = policy.id === "eeoc-four-fifths";
    expect(policy.gate).toBe(hasBound ? "rules" : "none");
    expect(policy.rules.length > 0).toBe(hasBound);
  });

  it("can be the policy of a plan, which then holds it as it stood", () => {
    const prepared = preparePlan(
      checkPlan({
        version: 1,
        data: { file: "x.csv" },
        columns: { decision: "hired", positive: "1", protected: ["race", "sex"] },
        policy: policy.id,
      }),
      known,
    );
    expect(prepared.policies).toEqual([policy]);
    expect(prepared.rules.length).toBe(policy.rules.length * 2);
  });
});

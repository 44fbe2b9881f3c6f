import { describe, expect, it } from "vitest";
import { AssayError } from "./error.ts";
import { planError } from "./plan-error.ts";
import { withPlanLines } from "./plan-lines.ts";

const text = `version: 1
data: { file: d.csv }
columns:
  label: y
  protected:
    - sex
    - { column: a.b,
        breaks: [40] }
  reference: { a.b: x }
audits:
  fairness.group-metrics:
    min_count: 3
rules: &r
  - { metric: count, at_least: 1 }
`;

function placed(...places: string[]): unknown[] {
  const problems = places.map((at) => ({ at, message: "wrong" }));
  const error = withPlanLines(planError("audit.yaml", problems), "audit.yaml", text);
  return error instanceof AssayError
    ? error.problems.map(({ at, line }) => (line === undefined ? at : `${at}, line ${line}`))
    : [error];
}

describe("withPlanLines", () => {
  it("tells the line of each problem's place in the plan's text", () => {
    expect(
      placed(
        "columns.label",
        "columns.protected[0]",
        "columns.protected[1].breaks",
        "columns.reference.a.b",
        "audits.fairness.group-metrics.min_count",
        "rules[0].metric",
      ),
    ).toEqual([
      "columns.label, line 4",
      "columns.protected[0], line 6",
      "columns.protected[1].breaks, line 8",
      "columns.reference.a.b, line 9",
      "audits.fairness.group-metrics.min_count, line 12",
      "rules[0].metric, line 14",
    ]);
  });

  it("tells what is missing at the key that would hold it", () => {
    expect(placed("columns.positive", "columns.protected[7]", "policy", "seed")).toEqual([
      "columns.positive, line 3",
      "columns.protected[7], line 5",
      "policy",
      "seed",
    ]);
  });

  it("leaves other errors as they are", () => {
    const error = new AssayError("data-invalid", "d.csv is empty");
    expect(withPlanLines(error, "audit.yaml", text)).toBe(error);
  });
});

import type { PlacedFinding } from "@assay/report/text";
import type { Measure } from "@assay/schema";
import { describe, expect, test } from "vitest";
import { mitigationHref, suggestMitigation } from "./mitigation-choice.ts";

function placed(
  measure: Partial<Measure>,
  more: { audit?: string; verdict?: "fail" | "info"; severity?: "high" | "low" } = {},
) {
  const { audit = "fairness.group-metrics", verdict = "fail", severity = "low" } = more;
  return {
    audit: { id: audit, measures: [{ metric: "count", value: 3 }, measure] },
    finding: { id: "x", verdict, severity, text: { en: "", "zh-CN": "" }, measures: [1] },
    verdict,
  } as unknown as PlacedFinding;
}

describe("a finding about a disparity", () => {
  test.each([
    ["false-positive-rate-difference", "false-positive-rate-parity"],
    ["true-positive-rate-difference-corrected", "true-positive-rate-parity"],
    ["false-negative-rate-ratio", "true-positive-rate-parity"],
    ["demographic-parity-ratio", "demographic-parity"],
    ["selection-rate-difference", "demographic-parity"],
    ["equalized-odds-difference", "equalized-odds"],
  ])("in %s suggests %s between its groups", (metric, constraint) => {
    expect(suggestMitigation(placed({ metric, by: ["race", "sex"] }))).toEqual({ by: ["race", "sex"], constraint });
  });

  test("of one group suggests its columns", () => {
    const found = suggestMitigation(
      placed({ metric: "impact-ratio", group: { race: "Black" } }, { audit: "fairness.impact-ratio" }),
    );
    expect(found).toEqual({ by: ["race"], constraint: "demographic-parity" });
  });

  test("leads to the page with the form filled in, whatever the column is called", () => {
    expect(mitigationHref("credit", 3, { by: ["race & sex", "age"], constraint: "equalized-odds" })).toBe(
      "/projects/credit/mitigate?run=3&by=race+%26+sex&by=age&constraint=equalized-odds",
    );
  });
});

test("a finding about anything else suggests nothing", () => {
  expect(suggestMitigation(placed({ metric: "accuracy-difference", by: ["race"] }))).toBeNull();
  expect(suggestMitigation(placed({ metric: "selection-rate" }))).toBeNull();
  expect(
    suggestMitigation(placed({ metric: "selection-rate-difference", by: ["race"] }, { verdict: "info" })),
  ).toBeNull();
  expect(
    suggestMitigation(
      placed({ metric: "demographic-parity-difference", by: ["race"] }, { audit: "fairness.mitigation" }),
    ),
  ).toBeNull();
  expect(
    suggestMitigation(
      placed({ metric: "selection-rate-difference", by: ["race"] }, { audit: "privacy.reidentification" }),
    ),
  ).toBeNull();
});

import type { LayerProfile, ModelProfile } from "@assay/models";
import { AuditResult, checkPlan } from "@assay/schema";
import { describe, expect, it } from "vitest";
import type { AuditContext } from "../../define.ts";
import { preparePlan } from "../../prepare.ts";
import type { AuditRun } from "../../testing/run-audit.ts";
import { isSound } from "../../testing/sound-run.ts";
import { concludeProfile } from "./conclude.ts";
import { profile as audit } from "./index.ts";
import { judgeProfile } from "./judge.ts";
import { sizeText } from "./size-text.ts";
import { plain } from "./summary.ts";

const layer = (change: Partial<LayerProfile>): LayerProfile => ({
  name: "one",
  operator: "Gemm",
  shape: [1, 10],
  parameters: 110,
  weightBytes: 440,
  multiplyAccumulates: 100,
  operations: 210,
  comparisons: null,
  inputBytes: 40,
  activationBytes: 40,
  unknown: null,
  ...change,
});

/** The 784-128-64-10 network. */
const network: ModelProfile = {
  layers: [
    [784, 128],
    [128, 64],
    [64, 10],
  ].map(([inputs = 0, outputs = 0], index) =>
    layer({
      name: `layer ${index + 1}`,
      shape: [1, outputs],
      parameters: (inputs + 1) * outputs,
      weightBytes: 4 * (inputs + 1) * outputs,
      multiplyAccumulates: inputs * outputs,
      operations: 2 * inputs * outputs + 2 * outputs,
      inputBytes: 4 * inputs,
      activationBytes: 4 * outputs,
    }),
  ),
  peakActivationBytes: 4 * (784 + 128),
  inputBytes: 4 * 784,
};

async function concluded(profile: ModelProfile, sizeBytes = 1000): Promise<AuditRun> {
  const context = {} as AuditContext<object>;
  const summary = { sizeBytes, profile: plain(profile) };
  const conclusion = await concludeProfile(summary, context);
  return { ...conclusion, summary, findings: judgeProfile(conclusion, context), gives: [], concludeMs: 0 };
}

const measureOf = (run: AuditRun, metric: string) => run.measures.find((measure) => measure.metric === metric);

describe("the profile of the 784-128-64-10 network", () => {
  it("has its exact parameters, products and bytes", async () => {
    const run = await concluded(network, 1_011_817);
    isSound(run);
    expect(measureOf(run, "parameters")?.value).toBe(109_386);
    expect(measureOf(run, "multiply-accumulates")?.value).toBe(109_184);
    expect(measureOf(run, "weight-bytes")?.value).toBe(437_544);
    expect(measureOf(run, "size-bytes")?.value).toBe(1_011_817);
    expect(measureOf(run, "peak-activation-bytes")?.value).toBe(3_648);
    // Operations over bytes of weights, inputs and outputs of every layer.
    const bytes = 437_544 + 4 * (784 + 128 + 64) + 4 * (128 + 64 + 10);
    expect(measureOf(run, "arithmetic-intensity")?.value).toBeCloseTo((2 * 109_184 + 2 * 202) / bytes, 12);
  });

  it("says which layer makes the work, what its weights fit and what bounds it", async () => {
    const { findings, figures, artifacts } = await concluded(network);
    expect(findings.map((finding) => finding.id)).toEqual(["cost", "memory", "intensity"]);
    expect(findings[0]?.text.en).toContain("layer 1 (Gemm) makes 92 % of the work");
    expect(findings[1]?.text.en).toContain("The weights take 427 KiB");
    expect(findings[1]?.text.en).toContain("second-level cache");
    expect(findings[2]?.text.en).toContain("waits for memory");
    expect(figures[0]).toMatchObject({ kind: "waterfall", end: { value: 109_184 } });
    expect(String(artifacts?.["layers.csv"]).split("\n")).toHaveLength(5);
  });
});

describe("a model with an operator that is not counted", () => {
  it("leaves the totals open and says what they are at least", async () => {
    const odd = layer({
      name: "odd",
      operator: "CumSum",
      parameters: 0,
      weightBytes: 0,
      multiplyAccumulates: null,
      operations: null,
      unknown: "the operator is not counted",
    });
    const run = await concluded({ ...network, layers: [...network.layers, odd] });
    isSound(run);
    expect(measureOf(run, "multiply-accumulates")).toEqual({
      metric: "multiply-accumulates",
      value: null,
      reason: "at least 109184; not counted: odd (CumSum)",
    });
    expect(measureOf(run, "parameters")?.value).toBe(109_386);
    expect(run.findings).toContainEqual(
      expect.objectContaining({
        id: "not-counted",
        verdict: "indeterminate",
        text: expect.objectContaining({ en: expect.stringContaining("CumSum") }),
      }),
    );
    expect(run.tables[0]?.rows.at(-1)).toMatchObject({ few: true });
  });
});

describe("the profile of trees", () => {
  it("tells the tests that a row meets, and no products", async () => {
    const trees = layer({
      operator: "TreeEnsembleRegressor",
      parameters: 1492,
      weightBytes: 5968,
      multiplyAccumulates: 0,
      operations: 100,
      comparisons: { mean: 271.5, most: 300, over: "covers" },
    });
    const run = await concluded({ layers: [trees], peakActivationBytes: 60, inputBytes: 56 });
    isSound(run);
    expect(measureOf(run, "comparisons")).toMatchObject({ value: 271.5, method: "mean over rows trained on" });
    expect(measureOf(run, "most-comparisons")?.value).toBe(300);
    expect(run.findings[0]?.text.en).toContain("A row meets 272 tests of tree nodes on the mean, 300 at most");
    expect(run.figures).toEqual([]);
  });
});

describe("a plan", () => {
  const prepare = (format: string, named: boolean) =>
    preparePlan(
      checkPlan({
        version: 1,
        data: { file: "d.csv" },
        columns: { label: "y", features: ["a"] },
        model: { file: "m.onnx" },
        ...(named ? { audits: { "efficiency.profile": {} } } : {}),
      }),
      [
        { name: "y", type: "integer" },
        { name: "a", type: "number" },
      ],
      {
        model: {
          format,
          classes: null,
          inputs: [{ name: "a", kind: "number" }],
          link: null,
          output: "score",
          structure: "other",
        },
      },
    );

  it("profiles a file and reads no column for it", () => {
    expect(prepare("onnx", true).requests).toEqual([]);
  });

  it("is refused, or the audit left out with the reason, where the model is an endpoint", () => {
    expect(() => prepare("endpoint", true)).toThrow(/efficiency\.profile.*does not tell what is inside/s);
    expect(prepare("endpoint", false).skipped.map((one) => one.id)).toEqual(
      expect.arrayContaining(["efficiency.latency", "efficiency.profile"]),
    );
  });

  it("gives only metrics that it says it gives", async () => {
    const given = audit.gives({}, prepare("onnx", true).roles).map((one) => one.metric);
    for (const { metric } of (await concluded(network)).measures) expect(given).toContain(metric);
    expect(AuditResult.shape.version.parse(audit.version)).toBe(1);
  });
});

describe("sizes in words", () => {
  it.each([
    [0, "0 bytes"],
    [60, "60 bytes"],
    [1536, "1.50 KiB"],
    [437_544, "427 KiB"],
    [3 * 2 ** 30, "3.00 GiB"],
  ])("%d is %s", (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });

  it("have their unit in Chinese too", () => {
    expect(sizeText(60, "zh-CN")).toBe("60 字节");
    expect(sizeText(1536, "zh-CN")).toBe("1.50 KiB");
  });
});

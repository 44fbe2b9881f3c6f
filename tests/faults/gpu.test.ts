import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ErrorCode } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cpu } from "../../packages/compute/src/devices/cpu.ts";
import { webgpu } from "../../packages/compute/src/devices/webgpu.ts";
import { failingGpu } from "../../packages/compute/src/failing-device.testing.ts";
import { locatePlan } from "../../packages/sdk/src/local/plan-file.ts";
import { type LocalOptions, runLocally } from "../../packages/sdk/src/local/run-locally.ts";

const rows = 12_000;
let folder: string;

/** Two trees over two columns, and a file in which people of one group have less of the first. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-gpu-"));
  const lines = ["group,income,debt,repaid"];
  for (let row = 0; row < rows; row++) {
    const group = row % 3 === 0 ? "a" : "b";
    const income = ((row * 7919) % 1000) - (group === "a" ? 150 : 0);
    const debt = (row * 104_729) % 500;
    lines.push(`${group},${income},${debt},${(row * 31) % 100 < income / 12 ? 1 : 0}`);
  }
  writeFileSync(join(folder, "loans.csv"), lines.join("\n"));
  const tree = (feature: number, threshold: number, low: number, high: number) => ({
    feature: [feature, -2, -2],
    threshold: [threshold, -2, -2],
    left: [1, -1, -1],
    right: [2, -1, -1],
    cover: [100, 50, 50],
    value: [0, low, high],
  });
  const trees = [tree(0, 480.5, -1, 1.5), tree(1, 250.5, 0.4, -0.6)];
  const model = { kind: "gbt", aggregate: "sum", learning_rate: 1, base: 0.1, link: "logistic", n_features: 2, trees };
  writeFileSync(join(folder, "model.json"), JSON.stringify(model));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(options: LocalOptions, kinds?: Parameters<typeof runLocally>[2]) {
  const located = await locatePlan(
    {
      version: 1,
      project: "loans",
      data: { file: "loans.csv" },
      model: { file: "model.json" },
      columns: { label: "repaid", protected: ["group"], features: ["income", "debt"] },
      audits: {
        "explainability.permutation-importance": { repeats: 3 },
        "fairness.group-metrics": { replicates: 200 },
      },
      seed: 5,
    },
    folder,
  );
  return (await runLocally(located, options, kinds)).report;
}

const probe = await webgpu.probe();
const missing = probe.available ? "" : ` (${probe.reason})`;
/** The GPU that is at hand, be it one that the processor plays, failing at some dispatch. */
const failing = (after: number, code: ErrorCode) => failingGpu(webgpu, { name: "webgpu", after, code });

describe.skipIf(missing !== "")(`a GPU that fails in the middle of the audits${missing}`, () => {
  it("leaves a report of the cpu alone where auto chose it, the same to the bit, and says so", async () => {
    const expected = await run({ device: "cpu" });
    expect(expected.audits.map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect(expected.environment).toMatchObject({ device: "cpu", ran: ["cpu"] });

    const steady = failing(Number.POSITIVE_INFINITY, "device-lost");
    const whole = await run({ device: "auto" }, [cpu, steady]);
    expect(whole.environment).toMatchObject({ device: "webgpu", ran: ["cpu", "webgpu"] });
    expect(whole.audits.map(({ status }) => status)).toEqual(["completed", "completed"]);
    const dispatches = steady.dispatches();
    expect(dispatches).toBeGreaterThan(3);

    // At the beginning, while the model is asked, and at the very end.
    for (const [after, code] of [
      [0, "device-out-of-memory"],
      [Math.floor(dispatches / 2), "device-lost"],
      [dispatches - 1, "device-timeout"],
    ] as const) {
      const told: string[] = [];
      const onRestart: LocalOptions["onRestart"] = (device, reason) => told.push(`${device} ${reason.code}`);
      const gpu = failing(after, code);
      const report = await run({ device: "auto", onRestart }, [cpu, gpu]);
      expect(told, `after ${after}`).toEqual([`webgpu ${code}`]);
      expect(report.environment).toMatchObject({ device: "cpu", ran: ["cpu"] });
      expect(report.digest).toBe(expected.digest);
      expect(gpu.opened.map((device) => device.allocatedBytes)).toEqual([0]);
    }
  });

  it("ends the run in its own error where it was asked for by name", async () => {
    for (const code of ["device-lost", "device-out-of-memory", "device-timeout", "device-failed"] as const) {
      await expect(run({ device: "webgpu" }, [cpu, failing(2, code)])).rejects.toMatchObject({
        code,
        message: "webgpu: taken away",
      });
    }
  });

  it("is never opened where no audit of the plan gains by it", async () => {
    const gpu = failing(0, "device-lost");
    const located = await locatePlan(
      { version: 1, data: { file: "loans.csv" }, columns: { decision: "repaid", protected: ["group"] } },
      folder,
    );
    const { report } = await runLocally(located, { device: "auto" }, [cpu, gpu]);
    expect(report.environment.device).toBe("cpu");
    expect(gpu.opened).toEqual([]);
  });
});

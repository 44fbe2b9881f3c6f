import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { type CodedTable, requestKey } from "@assay/dataset";
import { openModelBytes } from "@assay/models";
import { checkPlan, type Digest, type PlanInput, type ReportBody } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bindAuditModel } from "../../bind-model.ts";
import type { Machine } from "../../define.ts";
import { describeModel } from "../../describe-model.ts";
import { inProcess } from "../../executors/in-process.ts";
import { nodeMachine } from "../../executors/node-machine.ts";
import { preparePlan } from "../../prepare.ts";
import { runAudits } from "../../run.ts";
import { cutShards } from "../../shards.ts";
import { numberColumn } from "../../testing/coded-table.ts";
import { profile } from "../profile/index.ts";
import { latency } from "./index.ts";
import { paceOf } from "./pace.ts";
import { steadyFrom } from "./steady.ts";
import { type LatencySummary, mergeLatency } from "./summary.ts";
import { timeCalls } from "./time-calls.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

const random = new PhiloxStream(5, 0);
const layer = (inputs: number, outputs: number): number[][] =>
  Array.from({ length: inputs }, () => Array.from({ length: outputs }, () => random.uniform() - 0.5));
const network = new TextEncoder().encode(
  JSON.stringify({
    kind: "mlp",
    activation: "relu",
    out: "logistic",
    coefs: [layer(3, 8), layer(8, 1)],
    intercepts: [new Array(8).fill(0.1), [0.2]],
    features: ["a", "b", "c"],
  }),
);

interface Asked {
  readonly settings?: Record<string, unknown>;
  readonly rules?: PlanInput["rules"];
  readonly machine?: Machine | null;
  readonly rows?: number;
  readonly signal?: AbortSignal;
}

async function run({
  settings = {},
  rules = [],
  machine = nodeMachine(),
  rows = 40,
  signal,
}: Asked): Promise<ReportBody> {
  const model = await openModelBytes("net.json", network, {
    onnxRuntime: () => Promise.reject(new Error("not needed")),
    external: null,
  });
  const stop = signal ?? new AbortController().signal;
  const names = ["a", "b", "c"];
  const prepared = preparePlan(
    checkPlan({
      version: 1,
      data: { file: "rows.csv" },
      columns: { features: names },
      model: { file: "net.json" },
      audits: {
        "efficiency.latency": { seconds: 0.16, batches: [2, 64], roofline: false, ...settings },
        "efficiency.profile": {},
      },
      rules,
      seed: 7,
    }),
    names.map((name) => ({ name, type: "number" as const })),
    { registry: [latency, profile], model: describeModel(model) },
  );
  const role = prepared.roles.model;
  if (role === null) throw new Error("no model");
  const bound = bindAuditModel({ model, role, device, signal: stop });
  const table: CodedTable = {
    rows,
    counts: null,
    columns: Object.fromEntries(
      prepared.requests.map((request) => [
        requestKey(request),
        numberColumn(Array.from({ length: rows }, () => random.uniform())),
      ]),
    ),
  };
  try {
    const { body } = await runAudits({
      prepared,
      data: {
        rows,
        rowsRead: rows,
        digest: `sha256:${"0".repeat(64)}` as Digest,
        format: "csv",
        encoding: "utf-8",
        columns: [],
        warnings: [],
      },
      shards: cutShards(rows, 3),
      executor: inProcess({ prepared, table, device, model: bound, machine }),
      device,
      model: bound,
      signal: stop,
    });
    return body;
  } finally {
    bound.dispose();
    await model.dispose();
  }
}

const latencyOf = (body: ReportBody) => {
  const audit = body.audits.find((one) => one.id === "efficiency.latency");
  if (!audit) throw new Error("no latency");
  return audit;
};

describe("the latency audit", () => {
  it("tells quantiles with intervals, throughput, warm-up and where it ran", async () => {
    const audit = latencyOf(await run({ settings: { seconds: 0.6 } }));
    expect(audit).toMatchObject({ status: "completed", volatile: true });
    const overall = audit.measures.filter((measure) => measure.split === undefined);
    expect(overall.map((measure) => measure.metric)).toEqual([
      "latency-ms",
      "latency-p95-ms",
      "latency-p99-ms",
      "rows-per-second",
      "first-call-ms",
      "slowest-call-ms",
    ]);
    const [median, , , rate] = overall;
    expect(median?.value).toBeGreaterThan(0);
    expect(median?.low).toBeLessThanOrEqual(median?.value ?? 0);
    expect(median?.high).toBeGreaterThanOrEqual(median?.value ?? 0);
    expect(median?.method).toContain("WASM SIMD");
    expect(rate?.value).toBeCloseTo(2000 / (median?.value ?? 1), 6);
    expect(audit.measures.filter((measure) => measure.split === "batch 64")).toHaveLength(6);
    const machine = audit.tables.find((table) => table.id === "machine");
    expect(machine?.rows[0]?.cells[1]).toBe(nodeMachine().name);
    expect(audit.findings.map((finding) => finding.id)).toContain("speed");
  });

  it("compares with what the device does in a trial", async () => {
    const audit = latencyOf(await run({ settings: { roofline: true } }));
    const roofline = audit.tables.find((table) => table.id === "roofline");
    expect(roofline?.rows).toHaveLength(2);
    for (const { cells } of roofline?.rows ?? []) {
      expect(cells[4]).toBeGreaterThan(0);
      expect(Number(cells[6])).toBeCloseTo(Number(cells[5]) / Number(cells[4]), 9);
    }
    expect(audit.findings.map((finding) => finding.id)).toContain("roofline");
  });

  it("tells a device that is not here, and measures nothing in its place", async () => {
    const probe = await openDevice("cuda").catch((error: Error) => error);
    const audit = latencyOf(await run({ settings: { devices: ["cpu", "cuda"] } }));
    if (probe instanceof Error) {
      expect(audit.tables.find((table) => table.id === "absent")?.rows).toEqual([
        { few: true, cells: ["cuda", expect.stringContaining("CUDA")] },
      ]);
      expect(audit.findings).toContainEqual(expect.objectContaining({ id: "absent", verdict: "indeterminate" }));
      expect(audit.measures.some((measure) => measure.split?.startsWith("cuda"))).toBe(false);
    } else {
      probe.dispose();
      expect(audit.measures.some((measure) => measure.split === "cuda, batch 64")).toBe(true);
    }
  });

  it("says that it cannot tell where there are no rows, and fails where there is no clock", async () => {
    const empty = latencyOf(await run({ rows: 0 }));
    expect(empty.measures).toEqual([
      { metric: "latency-ms", value: null, unit: "ms", reason: "the data have no rows to ask about" },
    ]);
    const blind = latencyOf(await run({ machine: null }));
    expect(blind).toMatchObject({
      status: "failed",
      volatile: true,
      reason: { en: expect.stringContaining("tells no time") },
    });
  });

  it("ends at once when it is cancelled", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const started = performance.now();
    await expect(run({ settings: { seconds: 600 }, signal: stop.signal })).rejects.toMatchObject({ code: "cancelled" });
    expect(performance.now() - started).toBeLessThan(60_000);
  });
});

describe("a rule on latency", () => {
  it("decides the gate and is told as volatile; a rule on the file's size is not", async () => {
    const rules = [
      { metric: "latency-ms", at_most: 0.000001 },
      { metric: "multiply-accumulates", at_most: 32 },
    ];
    const { gate } = await run({ rules });
    expect(gate.verdict).toBe("fail");
    expect(gate.rules.map((rule) => [rule.rule.metric, rule.verdict, rule.volatile])).toEqual([
      ["latency-ms", "fail", true],
      ["multiply-accumulates", "pass", undefined],
    ]);
    expect(gate.rules[0]?.measures).toHaveLength(1);
  });

  it("is volatile also where nothing could be measured", async () => {
    const { gate } = await run({ rules: [{ metric: "latency-p95-ms", at_most: 5 }], machine: null });
    expect(gate.rules[0]).toMatchObject({ verdict: "indeterminate", volatile: true, measures: [] });
  });
});

/** A clock that each call moves on by as much as it is told. */
function told(times: readonly number[]): { readonly now: () => number; readonly call: () => Promise<void> } {
  let clock = 0;
  let place = 0;
  return {
    now: () => clock,
    call: async () => {
      clock += times[place++ % times.length] ?? 0;
    },
  };
}

describe("timing calls", () => {
  it("keeps every call, in order, until the time is over", async () => {
    const { now, call } = told([30, 1, 1, 2]);
    const { signal } = new AbortController();
    expect([...(await timeCalls(call, { ms: 36, now, signal }))]).toEqual([30, 1, 1, 2, 30]);
    expect([...(await timeCalls(call, { ms: 0, now, signal }))]).toEqual([1]);
  });

  it("finds where a series has warmed up", () => {
    const warm = Float64Array.from({ length: 500 }, (_, index) =>
      index < 120 ? 10 - index / 20 : 2 + (index % 3) / 20,
    );
    const { from, settled } = steadyFrom(warm);
    expect(from).toBeGreaterThan(100);
    expect(from).toBeLessThan(150);
    expect(settled).toBe(true);
    expect(steadyFrom(Float64Array.from({ length: 500 }, (_, index) => 1 + index / 100)).settled).toBe(false);
    expect(steadyFrom(Float64Array.of(5))).toEqual({ from: 0, settled: false });
    expect(steadyFrom(Float64Array.of(50, 1, 1))).toEqual({ from: 1, settled: false });
  });

  const series = (ms: (visit: number, index: number) => number, length = 400) => ({
    device: "cpu",
    description: "told",
    batch: 1,
    visits: Array.from({ length: 9 }, (_, visit) => ({
      visit,
      ms: Float64Array.from({ length }, (_call, index) => ms(visit, index)),
    })),
  });

  it("drops no call for being slow", () => {
    const pace = paceOf(
      series((visit, index) => (visit === 3 && index === 200 ? 900 : 2 + ((visit + index) % 7) / 100)),
      0.95,
    );
    expect(pace.slowest).toBe(900);
    expect(pace.farOut).toBe(1);
    expect(pace.median.value).toBeCloseTo(2.03, 9);
  });

  it("counts no call of the first visit, in which the machine warms up", () => {
    const pace = paceOf(
      series((visit, index) => (visit === 0 ? 50 : 2) + (index % 5) / 100),
      0.95,
    );
    expect(pace.slowest).toBeLessThan(3);
    expect(pace.first).toBe(50);
    expect(pace.warmUp).toBeGreaterThanOrEqual(400);
    expect(pace.warmUp + pace.sorted.length).toBe(9 * 400);
  });

  it("gives no interval to a quantile that so few calls do not bound", () => {
    const pace = paceOf(
      series((_, index) => 2 + (index % 5) / 10, 8),
      0.95,
    );
    expect(pace.median.interval).not.toBeNull();
    expect(pace.p99).toMatchObject({ interval: null, fewest: 368 });
  });

  it("covers the true median of a machine whose pace drifts from visit to visit", () => {
    const own = new PhiloxStream(31, 0);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - own.uniform())) * Math.cos(2 * Math.PI * own.uniform());
    let covered = 0;
    const trials = 200;
    for (let trial = 0; trial < trials; trial++) {
      const drift = Array.from({ length: 9 }, () => Math.exp(0.2 * normal()));
      const { interval } = paceOf(
        series((visit) => 3 * (drift[visit] ?? 1) * Math.exp(0.05 * normal()), 200),
        0.95,
      ).median;
      if (interval && interval.low <= 3 && 3 <= interval.high) covered++;
    }
    // Three standard errors of 200 trials are 0.046.
    expect(covered / trials).toBeGreaterThan(0.95 - 0.046);
  });
});

describe("runs one after another on a machine whose pace drifts", () => {
  /** Five runs of eight visits; the logarithm of the pace is a first-order autoregression over all forty. */
  function intervalsOfFive(own: PhiloxStream, drift: number) {
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - own.uniform())) * Math.cos(2 * Math.PI * own.uniform());
    let pace = normal();
    return Array.from({ length: 5 }, () => {
      const levels = Array.from({ length: 8 }, () => {
        pace = drift * pace + Math.sqrt(1 - drift * drift) * normal();
        return 3 * Math.exp(0.2 * pace);
      });
      // The first of the nine is not counted.
      const visits = [1, ...levels].map((level, visit) => ({
        visit,
        ms: Float64Array.from({ length: 60 }, () => level * Math.exp(0.02 * normal())),
      }));
      return (
        paceOf({ device: "cpu", description: "told", batch: 1, visits }, 0.95).median.interval ?? { low: 0, high: 0 }
      );
    });
  }

  it.each([
    [0, 1],
    [0.3, 0.99],
    [0.6, 0.97],
    [0.8, 0.85],
  ])("say the same: one value lies in all five intervals (correlation of visits %d)", (drift, least) => {
    const own = new PhiloxStream(83, Math.round(drift * 10));
    const trials = 150;
    let agree = 0;
    for (let trial = 0; trial < trials; trial++) {
      const five = intervalsOfFive(own, drift);
      agree += Number(Math.max(...five.map(({ low }) => low)) <= Math.min(...five.map(({ high }) => high)));
    }
    expect(agree / trials).toBeGreaterThanOrEqual(least);
  });

  it("are as narrow as their calls allow where the pace does not change", () => {
    const own = new PhiloxStream(84, 0);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - own.uniform())) * Math.cos(2 * Math.PI * own.uniform());
    const widths = Array.from({ length: 40 }, () => {
      const visits = Array.from({ length: 9 }, (_, visit) => ({
        visit,
        ms: Float64Array.from({ length: 200 }, () => 3 * Math.exp(0.05 * normal())),
      }));
      const { interval } = paceOf({ device: "cpu", description: "told", batch: 1, visits }, 0.95).median;
      return interval ? Math.log(interval.high / interval.low) : Number.POSITIVE_INFINITY;
    }).sort((a, b) => a - b);
    // The median of 1600 normal calls has a standard error of 0.05 · √(π / 2) / √1600: ± 1.96 of it are 0.0061 apart.
    expect(widths[20]).toBeGreaterThan(0.006);
    expect(widths[20]).toBeLessThan(0.012);
  });
});

describe("summaries of latency", () => {
  const part = (visit: number, batch: number, device = "cpu"): LatencySummary => ({
    machine: "m",
    rows: 9,
    series: [{ device, description: "d", batch, visits: [{ visit, ms: Float64Array.of(visit, batch) }] }],
    absent: visit === 1 ? [{ device: "cuda", reason: "none" }] : [],
    roofs: visit === 2 ? [{ device, multiplyAccumulates: 1, bytes: 2 }] : [],
  });

  it("are the same in whatever order steps come back", () => {
    const parts = [part(0, 16), part(1, 1), part(0, 1), part(2, 1), part(1, 16, "webgpu")];
    const forth = parts.reduce((a, b) => mergeLatency(a, b));
    const back = [...parts].reverse().reduce((a, b) => mergeLatency(a, b));
    expect(back).toEqual(forth);
    expect(forth.series.map(({ device, batch, visits }) => [device, batch, visits.map(({ visit }) => visit)])).toEqual([
      ["cpu", 1, [0, 1, 2]],
      ["cpu", 16, [0]],
      ["webgpu", 16, [1]],
    ]);
  });
});

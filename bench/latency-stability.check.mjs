import { availableParallelism, loadavg } from "node:os";
import { bindAuditModel, cutShards, describeModel, inProcess, preparePlan, registry, runAudits } from "@assay/audits";
import { nodeMachine } from "@assay/audits/node";
import { openDevice, PhiloxStream } from "@assay/compute";
import { requestKey } from "@assay/dataset";
import { openModel } from "@assay/models/node";
import { checkPlan } from "@assay/schema";

const runs = 5;
const quantiles = ["latency-ms", "latency-p95-ms", "latency-p99-ms"];

/**
 * Whether runs of `efficiency.latency`, one after another on one machine, say the same: five runs agree on a quantile where
 * one value lies in all five of its intervals, which on a line is the same as that every two of them overlap. Of five honest
 * intervals at 95 % this fails about once in 100 times where the pace does not drift (a simulation of eight visits each). Beside it stands how often a run's own estimate lies in
 * another's interval: about 83 % for independent runs, as both have their errors.
 */
export async function latencyStability({ seconds = 2, batches = [1, 256] } = {}) {
  const inputs = 30;
  const random = new PhiloxStream(11, 0);
  const layer = (from, to) =>
    Array.from({ length: from }, () => Array.from({ length: to }, () => (random.uniform() - 0.5) / 4));
  const network = {
    kind: "mlp",
    activation: "relu",
    out: "logistic",
    coefs: [layer(inputs, 64), layer(64, 64), layer(64, 1)],
    intercepts: [new Array(64).fill(0.1), new Array(64).fill(0.1), [0.2]],
  };
  const names = Array.from({ length: inputs }, (_, index) => `x${index}`);
  const model = await openModel(new TextEncoder().encode(JSON.stringify(network)), { name: "net.json" });
  const device = await openDevice("cpu");
  const plan = checkPlan({
    version: 1,
    data: { file: "rows.csv" },
    columns: { features: names },
    model: { file: "net.json" },
    audits: { "efficiency.latency": { seconds, batches, roofline: false } },
  });
  const prepared = preparePlan(
    plan,
    names.map((name) => ({ name, type: "number" })),
    { registry, model: describeModel(model) },
  );
  const rows = 1000;
  const columns = Object.fromEntries(
    prepared.requests.map((request) => [
      requestKey(request),
      { kind: "number", values: Float64Array.from({ length: rows }, () => random.uniform()) },
    ]),
  );
  const table = { rows, counts: null, columns };
  const { signal } = new AbortController();
  const bound = bindAuditModel({ model, role: prepared.roles.model, device, signal });
  const results = [];
  for (let run = 0; run < runs; run++) {
    const { body } = await runAudits({
      prepared,
      data: {
        ...{ rows, rowsRead: rows, digest: `sha256:${"0".repeat(64)}`, format: "csv", encoding: "utf-8" },
        ...{ columns: [], warnings: [] },
      },
      shards: cutShards(rows, 1),
      executor: inProcess({ prepared, table, device, model: bound, machine: nodeMachine() }),
      device,
      model: bound,
      signal,
    });
    results.push(body.audits[0].measures);
  }
  bound.dispose();
  device.dispose();
  return quantiles.flatMap((metric) =>
    batches.map((batch) => {
      const own = results.map((measures) =>
        measures.find(
          (one) =>
            one.metric === metric && (one.split ?? `batch ${batches[0]}`) === `batch ${batch}` && one.value !== null,
        ),
      );
      return { metric, batch, ...agreement(own) };
    }),
  );
}

/** Of measures with intervals, one a run. */
export function agreement(measures) {
  if (measures.some((one) => one === undefined)) return { agree: null, within: null, values: [], intervals: [] };
  const low = Math.max(...measures.map((one) => one.low));
  const high = Math.min(...measures.map((one) => one.high));
  let inside = 0;
  let pairs = 0;
  for (const a of measures) {
    for (const b of measures) {
      if (a === b) continue;
      pairs++;
      inside += Number(b.low <= a.value && a.value <= b.high);
    }
  }
  return {
    agree: low <= high,
    within: inside / pairs,
    values: measures.map((one) => one.value),
    intervals: measures.map((one) => [one.low, one.high]),
  };
}

/** @type {readonly { readonly name: string; run(): Promise<unknown>; text(result: unknown): readonly string[] }[]} */
export const checks = [
  {
    name: "latency: five runs of efficiency.latency within their stated intervals",
    run: async () => ({ results: await latencyStability(), load: loadavg()[0], cores: availableParallelism() }),
    text: ({ results, load, cores }) => [
      `load average ${load.toFixed(1)} on ${cores} cores${load > cores + 1 ? ": the machine was not its own, which no interval from inside a run can tell" : ""}`,
      ...results.map(lineOf),
    ],
  },
];

function lineOf({ metric, batch, agree, within, values, intervals }) {
  const of = `${metric} of ${batch} ${batch === 1 ? "row" : "rows"} a call`;
  if (agree === null) return `${of}: too few calls to bound it`;
  const digits = (value) => value.toPrecision(3);
  const told = values.map((value, run) => `${digits(value)} [${intervals[run].map(digits).join(", ")}]`).join("; ");
  return `${of}: ${agree ? "agree" : "do not agree"}, ${Math.round(within * 100)} % of estimates lie within the others' intervals; ${told}`;
}

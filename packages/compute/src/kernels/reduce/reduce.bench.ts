import { ok } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { reduce } from "./index.ts";
import { type Moments, mean, variance } from "./moments.ts";

const rows = 10_000_000;

export const benches: readonly Bench[] = [
  { name: "reduce: mean and variance of 10,000,000 doubles", prepare: () => prepare(1) },
  { name: "reduce: the same in 50 groups", prepare: () => prepare(50) },
];

async function prepare(size: number) {
  const random = new PhiloxStream(1, 0);
  const values = new Float64Array(rows);
  const codes = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    values[row] = 10 * random.uniform() - 3;
    codes[row] = random.integer(size);
  }
  const device = await openDevice("cpu");
  const copy = new Float64Array(rows);
  return {
    ours: () => reduce(device, { values, groups: size === 1 ? null : { codes, size } }),
    peer: {
      name: "Welford's method in a JS loop, rounded at every step",
      scale: 1,
      run: () => (size === 1 ? welford(values) : welfordBy(values, codes, size)),
    },
    limit: { name: "copying the column once", run: () => copy.set(values) },
    agree(ours: unknown, peer: unknown) {
      for (const [cell, moments] of (ours as Moments[]).entries()) {
        const { means, spreads } = peer as Running;
        ok(Math.abs((mean(moments) ?? 0) - (means[cell] ?? 0)) < 1e-9);
        ok(Math.abs((variance(moments) ?? 0) - (spreads[cell] ?? 0) / (moments.count - 1)) < 1e-9);
      }
    },
    notes: "one thread each; ours gives exact Σx and Σx², lowest and highest too",
  };
}

interface Running {
  readonly means: Float64Array;
  readonly spreads: Float64Array;
}

function welford(values: Float64Array): Running {
  let [mean, spread] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    const off = value - mean;
    mean += off / (row + 1);
    spread += off * (value - mean);
  }
  return { means: Float64Array.of(mean), spreads: Float64Array.of(spread) };
}

function welfordBy(values: Float64Array, codes: Uint8Array, size: number): Running {
  const counts = new Float64Array(size);
  const means = new Float64Array(size);
  const spreads = new Float64Array(size);
  for (let row = 0; row < values.length; row++) {
    const cell = codes[row] ?? 0;
    const value = values[row] ?? 0;
    const count = (counts[cell] ?? 0) + 1;
    counts[cell] = count;
    const off = value - (means[cell] ?? 0);
    const mean = (means[cell] ?? 0) + off / count;
    means[cell] = mean;
    spreads[cell] = (spreads[cell] ?? 0) + off * (value - mean);
  }
  return { means, spreads };
}

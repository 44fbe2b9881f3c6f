import { ok } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { loadLogistic } from "./index.ts";

const rows = 200_000;
const width = 20;

export const benches: readonly Bench[] = [
  {
    name: "logistic: a step of Newton's method over 200,000 rows, 20 columns",
    async prepare() {
      const random = new PhiloxStream(1, 0);
      const columns = Array.from({ length: width }, () => Float64Array.from({ length: rows }, () => random.normal()));
      const labels = Uint8Array.from({ length: rows }, () => random.integer(2));
      const coefficients = Float64Array.from({ length: width + 1 }, () => random.normal() / 4);
      const device = await openDevice("cpu");
      const loaded = loadLogistic(device, columns);
      loaded.use({ classes: 2, labels, weights: null });
      const wide = new Float64Array(rows * (width + 1));
      for (const [index, column] of columns.entries()) {
        for (let row = 0; row < rows; row++) wide[row * (width + 1) + index] = column[row] ?? 0;
      }
      for (let row = 0; row < rows; row++) wide[row * (width + 1) + width] = 1;
      return {
        ours: async () => {
          const { gradient } = await loaded.pass(coefficients);
          return { gradient, hessian: await loaded.hessian() };
        },
        peer: { name: "a JS loop over rows", scale: 1, run: () => plain(wide, labels, coefficients) },
        limit: { name: "reading the table once", run: () => wide.reduce((sum, value) => sum + value, 0) },
        agree(ours: unknown, peer: unknown) {
          const [a, b] = [ours, peer] as Step[];
          if (!a || !b) throw new Error("no results");
          for (const name of ["gradient", "hessian"] as const) {
            ok(a[name].every((value, at) => Math.abs(value - (b[name][at] ?? 0)) < 1e-7 * rows));
          }
        },
        notes: "one thread each; gradient and Hessian in float64",
      };
    },
  },
];

interface Step {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

function plain(table: Float64Array, labels: Uint8Array, coefficients: Float64Array): Step {
  const own = width + 1;
  const gradient = new Float64Array(own);
  const hessian = new Float64Array(own * own);
  for (let row = 0; row < rows; row++) {
    const at = row * own;
    let score = 0;
    for (let i = 0; i < own; i++) score += (table[at + i] ?? 0) * (coefficients[i] ?? 0);
    const p = 1 / (1 + Math.exp(-score));
    const residual = p - (labels[row] ?? 0);
    const h = p * (1 - p);
    for (let i = 0; i < own; i++) {
      const x = table[at + i] ?? 0;
      gradient[i] = (gradient[i] ?? 0) + residual * x;
      for (let j = i; j < own; j++) hessian[i * own + j] = (hessian[i * own + j] ?? 0) + h * x * (table[at + j] ?? 0);
    }
  }
  for (let i = 0; i < own; i++) for (let j = 0; j < i; j++) hessian[i * own + j] = hessian[j * own + i] ?? 0;
  return { gradient, hessian };
}

import { deepEqual } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { type Ranks, ranks } from "./index.ts";

const rows = 1_000_000;

export const benches: readonly Bench[] = [
  { name: "ranks: thresholds of 1,000,000 random scores, two labels", prepare: () => prepare(false) },
  { name: "ranks: the same, with weights of 16 values", prepare: () => prepare(true) },
];

async function prepare(weighted: boolean) {
  const random = new PhiloxStream(5, 0);
  const scores = new Float64Array(rows);
  const codes = new Uint8Array(rows);
  const weights = weighted ? new Float64Array(rows) : null;
  for (let row = 0; row < rows; row++) {
    scores[row] = random.uniform();
    codes[row] = 1 + random.integer(2);
    if (weights) weights[row] = 1 + random.integer(16) / 16;
  }
  const device = await openDevice("cpu");
  const copy = new Float64Array(rows);
  return {
    ours: () => ranks(device, { scores, weights, strata: { codes, size: 3 }, parts: null, counts: null, order: false }),
    peer: {
      name: weights ? "a JS sort of row numbers by score and weight" : "Float64Array.sort of each label, zipped in JS",
      scale: 1,
      run: () => (weights ? sortedRows(scores, weights, codes) : zipped(scores, codes)),
    },
    limit: { name: "copying the scores once", run: () => copy.set(scores) },
    agree: (ours: unknown, peer: unknown) => deepEqual(ours as Ranks, peer),
    notes: "one thread each",
  };
}

/** Scores have no ties within a label here but by chance; those there are fold. */
function zipped(scores: Float64Array, codes: Uint8Array): Ranks {
  const [first, second] = [1, 2].map((code) => scores.filter((_, row) => codes[row] === code).sort());
  if (!first || !second) throw new Error("two labels");
  const merged = new Float64Array(rows);
  const counts = [new Uint32Array(rows), new Uint32Array(rows)] as const;
  let entry = -1;
  for (let i = 0, j = 0; i < first.length || j < second.length; ) {
    const fromFirst = j >= second.length || (i < first.length && (first[i] ?? 0) <= (second[j] ?? 0));
    const score = (fromFirst ? first[i++] : second[j++]) ?? 0;
    if (entry < 0 || merged[entry] !== score) merged[++entry] = score;
    const own = counts[fromFirst ? 0 : 1];
    own[entry] = (own[entry] ?? 0) + 1;
  }
  return folded(merged, null, counts, entry + 1);
}

function sortedRows(scores: Float64Array, weights: Float64Array, codes: Uint8Array): Ranks {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || (weights[a] ?? 0) - (weights[b] ?? 0));
  const merged = [new Float64Array(rows), new Float64Array(rows)] as const;
  const counts = [new Uint32Array(rows), new Uint32Array(rows)] as const;
  let entry = -1;
  for (const row of order) {
    const [score = 0, weight = 0] = [scores[row], weights[row]];
    if (entry < 0 || merged[0][entry] !== score || merged[1][entry] !== weight) {
      entry++;
      merged[0][entry] = score;
      merged[1][entry] = weight;
    }
    const own = counts[codes[row] === 1 ? 0 : 1];
    own[entry] = (own[entry] ?? 0) + 1;
  }
  return folded(merged[0], merged[1], counts, entry + 1);
}

function folded(
  scores: Float64Array,
  weights: Float64Array | null,
  counts: readonly [Uint32Array, Uint32Array],
  entries: number,
): Ranks {
  const both = new Uint32Array(2 * entries);
  both.set(counts[0].subarray(0, entries));
  both.set(counts[1].subarray(0, entries), entries);
  return {
    sizes: Uint32Array.of(entries),
    scores: scores.slice(0, entries),
    weights: weights?.slice(0, entries) ?? null,
    rows: both,
    order: null,
  };
}

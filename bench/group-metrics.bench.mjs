import { ok } from "node:assert/strict";
import { groupName, peopleAudit } from "./people.mjs";

const replicates = 10_000;

/** @type {readonly import("@assay/compute").Bench[]} */
export const benches = [
  row({
    rows: 1_000_000,
    groups: 12,
    threads: 1,
    peerReplicates: 10,
    name: "1,000,000 rows × 12 groups, 10,000 replicates",
  }),
  row({
    ...{ rows: 10_000_000, groups: 14, threads: 2, peerReplicates: 1 },
    name: "10,000,000 rows × 14 groups, 10,000 replicates, 2 threads",
  }),
];

function row({ name, rows, groups, threads, peerReplicates }) {
  return {
    name: `audit: ${name} (fairness.group-metrics)`,
    async prepare() {
      const { people, device, run } = await peopleAudit({ rows, groups, replicates, threads });
      // A process that audits often, as a server's worker does: bench/group-metrics.check.mjs tells of the first run too.
      for (let again = 0; again < 12; again++) await run();
      return {
        ours: () => run(),
        peer: {
          name: "a bootstrap in a JS loop that draws the rows again: rates by group, largest differences, percentile intervals",
          scale: replicates / peerReplicates,
          run: () => rowBootstrap(people, groups, peerReplicates),
        },
        limit: null,
        agree: sameRates,
        stop: () => device.dispose(),
        notes:
          `both from coded columns in memory, ours warmed up, on ${threads === 1 ? "one thread" : `${threads} threads`}; the peer ran ` +
          `${peerReplicates === 1 ? "1 replicate" : `${peerReplicates} replicates`}, scaled linearly to ${replicates}; ours also has ` +
          "intervals of every metric, simultaneous ones, permutation tests and the report",
      };
    },
  };
}

/** The point rates of all rows, then replicates of rows drawn with replacement, and percentile intervals from those. */
function rowBootstrap({ group, label, decision }, groups, replicates) {
  const rows = group.length;
  const cells = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) cells[row] = group[row] * 4 + label[row] * 2 + decision[row];
  const counts = new Uint32Array(groups * 4);
  for (let row = 0; row < rows; row++) counts[cells[row]]++;
  const point = ratesOf(counts, groups);
  const draws = Array.from({ length: replicates }, () => {
    counts.fill(0);
    for (let row = 0; row < rows; row++) {
      const drawn = Math.floor(Math.random() * rows);
      counts[group[drawn] * 4 + label[drawn] * 2 + decision[drawn]]++;
    }
    return ratesOf(counts, groups);
  });
  const intervals = Object.fromEntries(
    Object.keys(point).map((name) => {
      const sorted = draws.map((rates) => rates[name]).sort((a, b) => a - b);
      return [name, [sorted[0], sorted.at(-1)]];
    }),
  );
  return { point, intervals };
}

function ratesOf(counts, groups) {
  const rates = {};
  const spread = {};
  for (let group = 0; group < groups; group++) {
    const [tn, fp, fn, tp] = counts.subarray(group * 4, group * 4 + 4);
    const own = {
      "selection-rate": (fp + tp) / (tn + fp + fn + tp),
      "true-positive-rate": tp / (tp + fn),
      "false-positive-rate": fp / (fp + tn),
      accuracy: (tp + tn) / (tn + fp + fn + tp),
    };
    for (const [metric, value] of Object.entries(own)) {
      rates[`${metric} ${groupName(group)}`] = value;
      spread[metric] ??= [];
      spread[metric].push(value);
    }
  }
  for (const [metric, values] of Object.entries(spread)) {
    rates[`${metric}-difference`] = Math.max(...values) - Math.min(...values);
  }
  return rates;
}

/** Every rate and largest difference of the peer stands in our report, to 1e-12. */
function sameRates({ body }, { point }) {
  const [audit] = body.audits;
  ok(audit.status === "completed", `the audit did not complete: ${audit.reason?.en}`);
  for (const [name, value] of Object.entries(point)) {
    const [metric, group] = name.split(" ");
    const measure = audit.measures.find(
      (one) => one.metric === metric && (group ? one.group?.group === group : one.by?.join() === "group"),
    );
    ok(
      measure?.value != null && Math.abs(measure.value - value) < 1e-12,
      `${name}: ${measure?.value}, the peer has ${value}`,
    );
  }
}

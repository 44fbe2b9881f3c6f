import { ok } from "node:assert/strict";
import { cutShards, inProcess, preparePlan, registry, runAudits } from "@assay/audits";
import { openDevice, PhiloxStream } from "@assay/compute";
import { requestKey } from "@assay/dataset";
import { checkPlan } from "@assay/schema";

const rows = 1_000_000;
const groups = 12;
const replicates = 10_000;
const peerReplicates = 10;

/** @type {readonly import("@assay/compute").Bench[]} */
export const benches = [
  {
    name: "audit: 1,000,000 rows × 12 groups, 10,000 replicates (fairness.group-metrics)",
    async prepare() {
      const people = makePeople();
      const device = await openDevice("cpu");
      const plan = checkPlan({
        version: 1,
        data: { file: "people.csv" },
        columns: { protected: ["group"], label: "label", decision: "decision" },
        audits: { "fairness.group-metrics": { replicates } },
      });
      const columns = ["group", "label", "decision"].map((name) => ({
        name,
        type: name === "group" ? "text" : "integer",
      }));
      const prepared = preparePlan(plan, columns, { registry });
      const table = {
        rows,
        counts: null,
        columns: Object.fromEntries(
          prepared.requests.map((request) => [requestKey(request), codedColumn(request, people)]),
        ),
      };
      const data = {
        rows,
        rowsRead: rows,
        digest: `sha256:${"0".repeat(64)}`,
        format: "csv",
        encoding: "utf-8",
        warnings: [],
        columns: columns.map((column) => ({ ...column, missing: 0, distinct: column.name === "group" ? groups : 2 })),
      };
      return {
        ours: () =>
          runAudits({
            prepared,
            data,
            shards: cutShards(rows, 1),
            executor: inProcess({ prepared, table, device }),
            device,
            signal: new AbortController().signal,
          }),
        peer: {
          name: "a bootstrap in a JS loop that draws the rows again: rates by group, largest differences, percentile intervals",
          scale: replicates / peerReplicates,
          run: () => rowBootstrap(people),
        },
        limit: null,
        agree: sameRates,
        notes:
          `both from coded columns in memory, one thread; the peer ran ${peerReplicates} replicates, scaled linearly to ` +
          `${replicates}; ours also has intervals of every metric, simultaneous ones, permutation tests and the report`,
      };
    },
  },
];

/** Group, label and decision of each row, with a rate of its own in each group. */
function makePeople() {
  const random = new PhiloxStream(4, 0);
  const people = { group: new Uint8Array(rows), label: new Uint8Array(rows), decision: new Uint8Array(rows) };
  for (let row = 0; row < rows; row++) {
    const group = random.integer(groups);
    const label = random.uniform() < 0.3 + 0.01 * group ? 1 : 0;
    people.group[row] = group;
    people.label[row] = label;
    people.decision[row] = random.uniform() < (label ? 0.7 : 0.2) + 0.005 * group ? 1 : 0;
  }
  return people;
}

function codedColumn(request, people) {
  const codes = people[request.column].map((value) => value + 1);
  const levels =
    request.column === "group" ? Array.from({ length: groups }, (_, group) => groupName(group)) : ["0", "1"];
  return { kind: "coded", levels, codes };
}

function groupName(group) {
  return `g${String(group).padStart(2, "0")}`;
}

/** The point rates of all rows, then replicates of rows drawn with replacement, and percentile intervals from those. */
function rowBootstrap({ group, label, decision }) {
  const cells = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) cells[row] = group[row] * 4 + label[row] * 2 + decision[row];
  const counts = new Uint32Array(groups * 4);
  for (let row = 0; row < rows; row++) counts[cells[row]]++;
  const point = ratesOf(counts);
  const draws = Array.from({ length: peerReplicates }, () => {
    counts.fill(0);
    for (let row = 0; row < rows; row++) {
      const drawn = Math.floor(Math.random() * rows);
      counts[group[drawn] * 4 + label[drawn] * 2 + decision[drawn]]++;
    }
    return ratesOf(counts);
  });
  const intervals = Object.fromEntries(
    Object.keys(point).map((name) => {
      const sorted = draws.map((rates) => rates[name]).sort((a, b) => a - b);
      return [name, [sorted[0], sorted.at(-1)]];
    }),
  );
  return { point, intervals };
}

function ratesOf(counts) {
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

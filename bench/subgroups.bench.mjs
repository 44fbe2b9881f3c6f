// The search for the worst groups at its target size: 1,000,000 rows, 20 columns, up to 3 of them, on two threads.
import { ok } from "node:assert/strict";
import { cutShards, preparePlan, runAudits } from "@assay/audits";
import { threads } from "@assay/audits/node";
import { openDevice, PhiloxStream } from "@assay/compute";
import { requestKey, sharedCodes } from "@assay/dataset";
import { checkPlan } from "@assay/schema";

const rows = 1_000_000;
const peerRows = 100_000;
const columnCount = 20;
/** Three to ten values a column, low ones commoner. */
const sizes = Array.from({ length: columnCount }, (_, column) => 3 + (column % 8));
const names = sizes.map((_, column) => `c${String(column).padStart(2, "0")}`);

/** The whole audit beside a plain lattice in JavaScript. */
/** @type {readonly import("@assay/compute").Bench[]} */
export const benches = [
  {
    name: "subgroups: the 10 worst groups of 3 of 20 columns, 1,000,000 rows, 2 threads",
    async prepare() {
      const random = new PhiloxStream(9, 0);
      const codes = sizes.map((size) => {
        const column = sharedCodes(rows, size);
        for (let row = 0; row < rows; row++) column[row] = 1 + Math.min(random.integer(size), random.integer(size));
        return column;
      });
      const label = sharedCodes(rows, 2);
      const decision = sharedCodes(rows, 2);
      for (let row = 0; row < rows; row++) {
        const isPlanted = codes[2]?.[row] === 1 && codes[5]?.[row] === 1 && codes[8]?.[row] === 1;
        label[row] = 1 + random.integer(2);
        decision[row] = random.uniform() < (isPlanted ? 0.3 : 0.1) ? 3 - (label[row] ?? 1) : (label[row] ?? 1);
      }
      const plan = checkPlan({
        version: 1,
        data: { file: "rows.csv" },
        columns: { label: "label", decision: "decision", positive: "1", features: names },
        audits: { "fairness.subgroups": {} },
        seed: 1,
      });
      const known = [...names, "label", "decision"].map((name) => ({ name, type: "text" }));
      const prepared = preparePlan(plan, known);
      const table = {
        rows,
        counts: null,
        columns: Object.fromEntries(
          prepared.requests.map((request) => {
            const place = names.indexOf(request.column);
            const own = place === -1 ? (request.column === "label" ? label : decision) : codes[place];
            const levels =
              request.kind === "equals"
                ? ["0", "1"]
                : Array.from({ length: place === -1 ? 2 : (sizes[place] ?? 0) }, (_, level) => String(level));
            return [requestKey(request), { kind: "coded", levels, codes: own ?? label }];
          }),
        ),
      };
      const pool = threads(2, { plan: prepared.plan, columns: known, table });
      const device = await openDevice("cpu");
      return {
        async ours() {
          const { body } = await runAudits({
            prepared,
            data: {
              rows,
              rowsRead: rows,
              digest: `sha256:${"0".repeat(64)}`,
              format: "csv",
              encoding: "utf-8",
              columns: [],
              warnings: [],
            },
            shards: cutShards(rows, 2),
            executor: pool,
            device,
            signal: new AbortController().signal,
          });
          const [result] = body.audits;
          if (result?.status !== "completed") throw new Error(result?.reason?.en);
          return result;
        },
        peer: {
          name: "a JS lattice over lists of rows, pruned by size",
          scale: rows / peerRows,
          run: () => plainLattice(codes, label, decision),
        },
        limit: null,
        agree(ours, peer) {
          // Both put the planted group first.
          const [first] = ours.measures.filter((one) => one.group !== undefined);
          ok(JSON.stringify(first?.group) === '{"c02":"0","c05":"0","c08":"0"}', JSON.stringify(first?.group));
          ok(peer.best === "2=1,5=1,8=1", JSON.stringify(peer));
        },
        stop: () => pool.close(),
        notes: `the peer searched ${peerRows} rows on one thread, scaled linearly; ours with bands, both halves, tests and texts`,
      };
    },
  },
];

/**
 * Slices of one, two and three columns, depth first: the rows of a slice fall into lists by the next column's values, and
 * lists of at least 1 % of all rows are divided further. No halves, no bounds by errors, no tests.
 */
function plainLattice(codes, label, decision) {
  const isWrong = Uint8Array.from({ length: peerRows }, (_, row) => (label[row] === decision[row] ? 0 : 1));
  const errors = isWrong.reduce((sum, wrong) => sum + wrong, 0);
  const least = peerRows / 100;
  let best = { best: "", score: 0 };
  const divide = (rowsOf, from, terms) => {
    for (let column = from; column < columnCount; column++) {
      const own = codes[column];
      const lists = Array.from({ length: sizes[column] + 1 }, () => []);
      for (const row of rowsOf) lists[own[row]].push(row);
      for (const [code, list] of lists.entries()) {
        if (list.length < least) continue;
        let wrong = 0;
        for (const row of list) wrong += isWrong[row];
        if (wrong === 0) continue;
        const slice = [...terms, `${column}=${code}`];
        const rate = (wrong * peerRows) / (list.length * errors);
        const score = 0.95 * (rate - 1) - 0.05 * (peerRows / list.length - 1);
        if (score > best.score) best = { best: slice.join(), score };
        if (slice.length < 3) divide(list, column + 1, slice);
      }
    }
  };
  divide(
    Array.from({ length: peerRows }, (_, row) => row),
    0,
    [],
  );
  return best;
}

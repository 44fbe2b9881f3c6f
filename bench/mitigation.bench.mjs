import { ok } from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cutShards, inProcess, preparePlan, registry, runAudits } from "@assay/audits";
import { openDevice } from "@assay/compute";
import { openDataset } from "@assay/dataset/node";
import { checkPlan } from "@assay/schema";
import { noShared, shared } from "./adult.mjs";
import { noPython, startPython } from "./python-peer.mjs";

/** Seconds of Fairlearn's two methods beside one fit of scikit-learn's logistic regression, as its reference values tell. */
function fitsOf(method) {
  const reference = JSON.parse(readFileSync(join(shared, "reference/b7_mitigation.json"), "utf8"));
  return reference[method].fit_s / reference.base.fit_s;
}

/** fairness.mitigation on Adult by sex: 32,561 rows to learn from, 16,281 held out. */
async function adultMitigation(settings, scores) {
  const { columns: features } = JSON.parse(readFileSync(join(shared, "reference/models/adult_encoding.json"), "utf8"));
  const lines = ["adult.data", "adult.test"].flatMap((file) =>
    readFileSync(join(shared, "data", file), "utf8")
      .split("\n")
      .filter((line) => line.split(",").length === 15)
      .map((line) => `${line.replace(/\.$/, "")},${file === "adult.data" ? "train" : "test"}`),
  );
  const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
  const path = join(folder, "adult.csv");
  writeFileSync(path, lines.map((line, row) => `${line},${scores[row]}`).join("\n"));
  const plan = checkPlan({
    version: 1,
    data: { file: "adult.csv", header: [...features, "income", "split", "p"] },
    columns: { label: "income", positive: ">50K", protected: ["sex"], score: "p", features },
    audits: { "fairness.mitigation": { split: "split", encoding: "codes", frontier: 0, replicates: 199, ...settings } },
    seed: 5,
  });
  const device = await openDevice("cpu");
  const { file: _file, ...source } = plan.data;
  const { signal } = new AbortController();
  const dataset = await openDataset(path, { name: "adult.csv", source, signal });
  const prepared = preparePlan(plan, dataset.columns, { registry });
  const { table, data } = await dataset.load(prepared.requests);
  await dataset.close();
  rmSync(folder, { recursive: true });
  return async () => {
    const { body } = await runAudits({
      prepared,
      data,
      shards: cutShards(table.rows, 1),
      executor: inProcess({ prepared, table, device }),
      device,
      signal,
    });
    const [audit] = body.audits;
    if (audit.status !== "completed") throw new Error(`not completed: ${audit.reason?.en}`);
    return audit;
  };
}

function row(name, method, settings, notes) {
  return {
    name,
    skip: noShared ?? noPython("sklearn"),
    async prepare() {
      const peer = await startPython("logistic.py", ["sklearn"], [shared]);
      const fits = fitsOf(method);
      const ours = await adultMitigation(settings, peer.ready.scores);
      return {
        ours,
        peer: {
          name: `${fits.toFixed(0)} fits of scikit-learn ${peer.ready.version}'s logistic regression, which is what Fairlearn took`,
          scale: fits,
          run: () => peer.run(),
        },
        limit: null,
        agree(audit) {
          const find = (metric, version) =>
            audit.measures.find(
              (one) => one.metric === metric && one.split === "test" && one.version === version && !one.group,
            ).value;
          ok(Math.abs(find("accuracy", "before") - peer.ready.accuracy) < 0.005);
          ok(find("demographic-parity-difference", "after") < 0.02);
        },
        stop: () => peer.stop(),
        notes,
      };
    },
  };
}

/** @type {readonly import("@assay/compute").Bench[]} */
export const benches = [
  row(
    "audit: exponentiated-gradient reduction to parity by sex, Adult, 32,561 × 14",
    "exponentiated_gradient_demographic_parity",
    { method: "reduce", tolerance: 0.005 },
    "the whole audit: both models, intervals, paired tests and the ONNX file",
  ),
  row(
    "audit: thresholds to parity by sex, Adult, 32,561 rows",
    "threshold_demographic_parity",
    { method: "threshold" },
    "the whole audit, with the rules learned anew in 199 replicates",
  ),
];

import { ok } from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adultAudit, noShared, shared } from "./adult.mjs";
import { noPython, startPython } from "./python-peer.mjs";

const byFeature = (audit, metric) => audit.measures.filter((measure) => measure.metric === metric);

/** @type {readonly import("@assay/compute").Bench[]} */
export const benches = [
  {
    name: "audit: permutation importance, 16,281 × 14, forest of 100 trees of depth 8, 10 repeats",
    skip: noShared ?? noPython("sklearn"),
    async prepare() {
      const audit = await adultAudit(
        join(shared, "reference/models/rf100_d8_adult.onnx"),
        "explainability.permutation-importance",
        { score: "accuracy", repeats: 10 },
      );
      const peer = await startPython("importance.py", ["sklearn"], [shared]);
      return {
        ours: () => audit.run(),
        peer: {
          name: `scikit-learn ${peer.ready.version}'s permutation_importance of a forest trained alike, one thread`,
          scale: 1,
          run: () => peer.run(),
        },
        limit: null,
        agree(ours, theirs) {
          const base = ours.measures.find((one) => one.metric === "baseline-score").value;
          ok(Math.abs(base - peer.ready.accuracy) < 0.005, `accuracy ${base}, the peer has ${peer.ready.accuracy}`);
          for (const [place, { feature, value }] of byFeature(ours, "permutation-importance").entries()) {
            // Another forest of the same kind, and other shuffles: five standard errors of ten, and half a point.
            const within = (5 * theirs.std[place] * Math.SQRT2) / Math.sqrt(10) + 0.005;
            ok(
              Math.abs(value - theirs.mean[place]) < within,
              `${feature}: ${value}, the peer has ${theirs.mean[place]}`,
            );
          }
        },
        stop: () => peer.stop(),
        notes: "the whole audit with its intervals from repeats and rows, from the ONNX file",
      };
    },
  },
  {
    name: "audit: Shapley values by the paths, 16,281 × 14, 100 boosted trees of depth 6",
    skip: noShared ?? noPython("xgboost"),
    async prepare() {
      const path = join(mkdtempSync(join(tmpdir(), "assay-bench-")), "boosted.json");
      const peer = await startPython("shapley.py", ["xgboost"], [shared, path]);
      const audit = await adultAudit(path, "explainability.shapley", {
        kind: "path-dependent",
        output: "log-odds",
        rows: 0,
      });
      return {
        ours: () => audit.run(),
        peer: {
          name: `XGBoost ${peer.ready.version}'s pred_contribs of the same trees (C++, one thread)`,
          scale: 1,
          run: () => peer.run(),
        },
        limit: null,
        agree(ours, theirs) {
          for (const [place, { feature, value }] of byFeature(ours, "shapley-value").entries()) {
            // Their values are float32.
            ok(Math.abs(value - theirs.mean[place]) < 1e-4, `${feature}: ${value}, the peer has ${theirs.mean[place]}`);
          }
        },
        stop: () => peer.stop(),
        notes: "the whole audit: values, their check against the outputs, intervals and figures",
      };
    },
  },
];

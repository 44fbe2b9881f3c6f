import { smallForRuntime } from "../../../packages/models/src/onnx/small-models.testing.ts";
import type { GivenFile } from "../tab-audit.ts";

/** People of two groups, one decided about more kindly; `grade` is what the small model of ONNX Runtime says. */
export const people: GivenFile = {
  name: "people.csv",
  bytes: [
    "id,age,income,sex,label,granted,grade",
    ...Array.from({ length: 400 }, (_, row) => {
      const woman = row % 2 === 0;
      const granted = (row >> 1) % 10 < (woman ? 4 : 6) ? "yes" : "no";
      return `p${row},${20 + ((row * 7) % 50)},${1000 + ((row * 37) % 900)},${woman ? "f" : "m"},${row % 4 < 2 ? "yes" : "no"},${granted},${row % 4 < 2 ? 5 : 3}`;
    }),
  ].join("\n"),
};

/** Columns alone: quick to audit. */
export const columnsPlan = `version: 1
project: people
data: { file: people.csv }
columns: { id: id, label: label, positive: yes, decision: granted, protected: [sex] }
audits: { fairness.group-metrics: { replicates: 500 } }
rules: [{ metric: selection-rate-ratio, by: sex, at_least: 0.8 }]
seed: 7
`;

/** Draws that take any machine minutes: an audit that is under way as long as a test needs it. */
export const longPlan = columnsPlan.replace("replicates: 500", "replicates: 1000000");

/** A graph with an operator that only ONNX Runtime knows. */
export const cosModel: GivenFile = { name: "cos.onnx", bytes: smallForRuntime() };
export const cosPlan = `version: 1
project: people
data: { file: people.csv }
columns: { label: grade, positive: 5, protected: [sex], features: [age, income] }
model: { file: cos.onnx }
audits: { fairness.group-metrics: { replicates: 500 }, efficiency.profile: {} }
seed: 7
`;

/** `grp,label,score` in three rows, written by DuckDB 1.5: COPY … TO 'tiny.parquet' (FORMAT parquet, COMPRESSION zstd). */
export const smallParquet: GivenFile = {
  name: "tiny.parquet",
  bytes: Buffer.from(
    "UEFSMRUAFSoVPCwVBhUAFQYVBgAAKLUv/SAVqQAAAgAAAAYBAQAAAGEBAAAAYgEAAABhFQAVJBU2LBUGFQAVBhUGAAAotS/9IBKRAAACAAAABgEBAAAAAAAAAAEAAAAVABVaFTwsFQYVABUGFQYAACi1L/0gLa0AAHghAAAAQQUAGQAAAEsAAAABACIwAhUCGUw1ABgNZHVja2RiX3NjaGVtYRUGABUMJQIYA2dycCUAABUCJQIYBWxhYmVsJSIAFQIlAhgFc2NvcmUlChUEFQYsXBUEFQYAAAAWBhkcGTwmABwVDBkVABkYA2dycBUMFgYWTBZeJgg8GAFiGAFhFgAoAWIYAWEREQAAACYAHBUCGRUAGRgFbGFiZWwVDBYGFkYWWCZmPBgEAQAAABgEAAAAABYAKAQBAAAAGAQAAAAAEREAAAAmABwVAhkVABkYBXNjb3JlFQwWBhZ8Fl4mvgE8GARLAAAAGAQZAAAAFgIoBEsAAAAYBBkAAAAREQAAABaOAhYGJggWlAIAKChEdWNrREIgdmVyc2lvbiB2MS41LjYgKGJ1aWxkIDA2OWNjOWY5YjUpGTwcAAAcAAAcAAAANAEAAFBBUjE=",
    "base64",
  ),
};

/** One dense unit that only TensorFlow.js knows how to activate, its weights in a file of their own. */
export const tensorflowModel: readonly GivenFile[] = [
  {
    name: "model.json",
    bytes: JSON.stringify({
      format: "layers-model",
      modelTopology: {
        class_name: "Sequential",
        config: {
          name: "net",
          layers: [
            {
              class_name: "Dense",
              config: {
                name: "dense",
                units: 1,
                activation: "hardSigmoid",
                use_bias: true,
                batch_input_shape: [null, 1],
                dtype: "float32",
              },
            },
          ],
        },
      },
      weightsManifest: [
        {
          paths: ["weights.bin"],
          weights: [
            { name: "dense/kernel", shape: [1, 1], dtype: "float32" },
            { name: "dense/bias", shape: [1], dtype: "float32" },
          ],
        },
      ],
    }),
  },
  { name: "weights.bin", bytes: new Uint8Array(Float32Array.of(0.5, 0.25).buffer) },
];
export const parquetPlan = `version: 1
project: tiny
data: { file: tiny.parquet }
columns: { label: label, positive: 1, protected: [grp], features: [label] }
model: { file: model.json }
audits: { fairness.group-metrics: { replicates: 500 } }
seed: 7
`;

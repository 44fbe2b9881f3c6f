import { classifierOutputs, classLabels } from "./class-labels.ts";
import { type WrittenInput, type WrittenScaler, writeInputs } from "./model-inputs.ts";
import { writeOnnx } from "./write-onnx.ts";

/** A logistic regression; coefficients are of the second of two classes alone, or of each class. */
export interface WrittenLinearClassifier {
  readonly inputs: readonly WrittenInput[];
  readonly scaler: WrittenScaler | null;
  readonly classes: readonly string[];
  /** float64[columns] for each row; written as float32. */
  readonly coefficients: readonly Float64Array[];
  readonly intercepts: Float64Array;
}

/** A Scaler where there is one, and a LinearClassifier. */
export function writeLinearClassifier(model: WrittenLinearClassifier): Uint8Array<ArrayBuffer> {
  const { inputs, nodes, tensor, fresh } = writeInputs(model.inputs, model.scaler);
  const outputs = classifierOutputs(model.classes, fresh);
  return writeOnnx({
    nodes: [
      ...nodes,
      {
        operator: "LinearClassifier",
        domain: "ai.onnx.ml",
        name: "classifier",
        inputs: [tensor],
        outputs: outputs.map((output) => output.name),
        attributes: {
          coefficients: { floats: model.coefficients.flatMap((row) => [...row]) },
          intercepts: { floats: [...model.intercepts] },
          ...classLabels(model.classes, "classlabels_ints"),
          post_transform: { text: model.coefficients.length === 1 ? "LOGISTIC" : "SOFTMAX" },
        },
      },
    ],
    inputs,
    outputs,
  });
}

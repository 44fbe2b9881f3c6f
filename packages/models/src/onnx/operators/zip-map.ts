import { asNumbers, type Operator } from "../operand.ts";

/** Maps from class to score: the columns before it are what is asked for, the classes are read from the graph. */
export const zipMapOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "ZipMap",
  compile: (node, [input]) => [{ kind: "maps", batch: asNumbers(node, input) }],
};

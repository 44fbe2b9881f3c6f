import { numbersOf } from "../../columns.ts";
import { asNumbers, NotCompiled, type Operator } from "../operand.ts";
import { softmax } from "../post-transform.ts";

export const softmaxOperator: Operator = {
  domain: "",
  name: "Softmax",
  compile: (node, [input], build) => {
    const batch = asNumbers(node, input);
    const axis = node.int("axis") ?? (node.version < 13 ? 1 : -1);
    if (batch.dims.length !== 1 || !(axis === 1 || axis === -1))
      throw new NotCompiled(`${node.place} has axis ${axis}`);
    const result = build.batch(batch.element, batch.dims);
    build.push({
      kind: "host",
      inputs: batch.columns,
      outputs: result.columns,
      run: (columns, rows) => softmax(columns.map(numbersOf), rows),
      links: batch.columns.map((_, place) => ({ kind: "softmax", place })),
      ...(batch.element === "float" ? { fuse: { kind: "activation", activation: "softmax" } } : {}),
    });
    return [result];
  },
};

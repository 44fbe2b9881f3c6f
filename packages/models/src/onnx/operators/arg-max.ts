import { numbersOf } from "../../columns.ts";
import { asNumbers, NotCompiled, type Operator } from "../operand.ts";

/** The index of each row's largest value; of equal ones the first. */
export const argMaxOperator: Operator = {
  domain: "",
  name: "ArgMax",
  compile: (node, [input], build) => {
    const batch = asNumbers(node, input);
    const axis = node.int("axis") ?? 0;
    if (batch.dims.length !== 1 || !(axis === 1 || axis === -1) || node.int("select_last_index")) {
      throw new NotCompiled(`${node.place} looks along axis ${axis}`);
    }
    const result = build.batch("int64", node.int("keepdims") === 0 ? [] : [1]);
    build.push({
      kind: "host",
      inputs: batch.columns,
      outputs: result.columns,
      run: (columns, rows) => {
        const values = columns.map(numbersOf);
        const [first] = values;
        const best = new Float64Array(rows);
        for (let row = 0; row < rows; row++) {
          let top = first?.[row] ?? 0;
          for (let index = 1; index < values.length; index++) {
            const value = values[index]?.[row] ?? 0;
            if (value > top) {
              top = value;
              best[row] = index;
            }
          }
        }
        return [best];
      },
    });
    return [result];
  },
};

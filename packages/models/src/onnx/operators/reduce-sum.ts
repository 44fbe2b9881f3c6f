import { numbersOf } from "../../columns.ts";
import { asNumbers, asNumericConstant, isFloating, NotCompiled, newColumn, type Operator } from "../operand.ts";

/** The sum of each row. */
export const reduceSumOperator: Operator = {
  domain: "",
  name: "ReduceSum",
  compile: (node, [input, axes], build) => {
    const batch = asNumbers(node, input);
    const along = node.version < 13 ? [...node.ints("axes")] : axes ? [...asNumericConstant(node, axes).values] : [];
    const rows = along.length === 1 && (along[0] === 1 || along[0] === -1) && batch.dims.length === 1;
    if (!rows || !isFloating(batch.element))
      throw new NotCompiled(`${node.place} sums along axes [${along.join(", ")}]`);
    const result = build.batch(batch.element, node.int("keepdims") === 0 ? [] : [1]);
    build.push({
      kind: "host",
      inputs: batch.columns,
      outputs: result.columns,
      links: [{ kind: "affine", terms: batch.columns.map((_, of) => ({ of, weight: 1 })), shift: 0 }],
      run: (columns, count) => {
        const into = newColumn(
          batch.element,
          count,
          columns.find((column) => column instanceof Float64Array),
        );
        for (const column of columns.map(numbersOf)) {
          for (let row = 0; row < count; row++) into[row] = (into[row] ?? 0) + (column[row] ?? 0);
        }
        return [into];
      },
    });
    return [result];
  },
};

import { type Batch, type Element, mapColumns, NotCompiled, type Operator } from "../operand.ts";
import { elementType } from "../proto/model-proto.ts";

/** Between kinds of numbers; from a float to an integer towards 0. */
export const castOperator: Operator = {
  domain: "",
  name: "Cast",
  compile: (node, [input], build) => {
    const to = elementType(node.int("to") ?? 0);
    if (input?.kind !== "batch")
      throw new NotCompiled(`${node.place} takes something that is not computed from the inputs`);
    const { element: from, sideways } = input;
    if (from === to) return [input];
    if (from === "string" || to === "string" || !isElement(to))
      throw new NotCompiled(`${node.place} makes ${to} of ${from}`);
    const whole = to === "int64" || to === "int32";
    const cast: Batch = mapColumns(build, input, to, (column, into) => {
      for (let row = 0; row < column.length; row++) {
        const value = column[row] ?? 0;
        into[row] = to === "bool" ? Number(value !== 0) : whole ? Math.trunc(value) : value;
      }
    });
    return [{ ...cast, sideways }];
  },
};

function isElement(type: string | null): type is Element {
  return type === "bool" || type === "double" || type === "float" || type === "int32" || type === "int64";
}

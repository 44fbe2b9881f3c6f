import { NotCompiled, type Operand, type Operator } from "../operand.ts";
import type { Tensor } from "../proto/tensor.ts";

export const constantOperator: Operator = {
  domain: "",
  name: "Constant",
  compile: (node) => {
    const of = (tensor: Tensor): readonly Operand[] => [{ kind: "constant", tensor }];
    const tensor = node.tensor("value");
    if (tensor) return of(tensor);
    const float = node.float("value_float");
    if (float !== null) return of({ element: "float", dims: [], values: Float32Array.of(float) });
    const int = node.int("value_int");
    if (int !== null) return of({ element: "int64", dims: [], values: Float64Array.of(int) });
    if (node.has("value_floats")) {
      const values = Float32Array.from(node.floats("value_floats"));
      return of({ element: "float", dims: [values.length], values });
    }
    if (node.has("value_ints")) {
      const values = node.ints("value_ints");
      return of({ element: "int64", dims: [values.length], values });
    }
    if (node.has("value_strings")) {
      const values = node.texts("value_strings");
      return of({ element: "string", dims: [values.length], values });
    }
    throw new NotCompiled(`${node.place} holds something else than numbers and texts`);
  },
};

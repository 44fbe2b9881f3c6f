import { made, type Rules, shapeAt, sizeOf } from "./known.ts";

/** Numbers to small whole numbers and back: a quotient or product and a sum for each. */
export const quantizationRules = {
  DequantizeLinear: (_, inputs) => {
    const shape = shapeAt(inputs, 0);
    return { outputs: [made(shape, inputs[1]?.element ?? "float")], operations: 2 * sizeOf(shape) };
  },
  // And the least and the greatest of them, to find the scale.
  DynamicQuantizeLinear: (_, inputs) => {
    const shape = shapeAt(inputs, 0);
    return {
      outputs: [made(shape, "uint8"), made([], "float"), made([], "uint8")],
      operations: 4 * sizeOf(shape),
    };
  },
  QuantizeLinear: (_, inputs) => {
    const shape = shapeAt(inputs, 0);
    return { outputs: [made(shape, inputs[2]?.element ?? "uint8")], operations: 2 * sizeOf(shape) };
  },
} as const satisfies Rules;

import { numbersOf } from "../../columns.ts";
import { affineOf } from "../../program/links.ts";
import {
  asNumbers,
  asNumericConstant,
  isFloating,
  mapColumns,
  NotCompiled,
  newColumn,
  type Operator,
} from "../operand.ts";

/** (x − offset) · scale, a pair of numbers for each column or one for all; the result is float. */
export const scalerOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "Scaler",
  compile: (node, [input], build) => {
    const batch = asNumbers(node, input);
    if (batch.dims.length !== 1) throw new NotCompiled(`${node.place} takes shape [${batch.dims.join(", ")}]`);
    const count = batch.columns.length;
    const [offset, scale] = [node.floats("offset"), node.floats("scale")];
    if (offset.length !== scale.length || (offset.length !== 1 && offset.length !== count)) {
      throw node.fault(`offset has ${offset.length} and scale ${scale.length} values for ${count} columns`);
    }
    const double = batch.element === "double";
    const at = (index: number) => [offset, scale].map((list) => list[list.length === 1 ? 0 : index]);
    return [
      mapColumns(
        build,
        batch,
        "float",
        (column, into, index) => {
          const [minus = 0, times = 1] = at(index);
          for (let row = 0; row < column.length; row++) {
            const less = (column[row] ?? 0) - minus;
            into[row] = (double ? less : Math.fround(less)) * times;
          }
        },
        {
          link: (index) => {
            const [minus = 0, times = 1] = at(index);
            return affineOf(index, times, -minus * times);
          },
        },
      ),
    ];
  },
};

export const binarizerOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "Binarizer",
  compile: (node, [input], build) => {
    const batch = asNumbers(node, input);
    const threshold = node.float("threshold") ?? 0;
    return [
      mapColumns(build, batch, batch.element, (column, into) => {
        for (let row = 0; row < column.length; row++) into[row] = (column[row] ?? 0) > threshold ? 1 : 0;
      }),
    ];
  },
};

/** Each row divided by its largest value (MAX), its sum of sizes (L1) or its length (L2), where that is not 0. */
export const normalizerOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "Normalizer",
  compile: (node, [input], build) => {
    const batch = asNumbers(node, input);
    const norm = node.text("norm") ?? "MAX";
    if (!["MAX", "L1", "L2"].includes(norm)) throw node.fault(`norm is ${JSON.stringify(norm)}`);
    if (batch.dims.length !== 1) throw new NotCompiled(`${node.place} takes shape [${batch.dims.join(", ")}]`);
    const result = build.batch("float", batch.dims);
    build.push({
      kind: "host",
      inputs: batch.columns,
      outputs: result.columns,
      run: (columns, rows) => {
        const values = columns.map(numbersOf);
        const made = values.map((column) => newColumn("float", rows, batch.element === "float" ? column : undefined));
        for (let row = 0; row < rows; row++) {
          let size = norm === "MAX" ? Number.NEGATIVE_INFINITY : 0;
          for (const column of values) {
            const value = column[row] ?? 0;
            size = norm === "MAX" ? Math.max(size, value) : size + (norm === "L1" ? Math.abs(value) : value * value);
          }
          if (norm === "L2") size = Math.sqrt(size);
          for (const [index, column] of values.entries()) {
            const value = column[row] ?? 0;
            (made[index] ?? [])[row] = size === 0 ? value : value / size;
          }
        }
        return made;
      },
      // Of numbers none of which is negative, as probabilities are.
      ...(norm === "L1" ? { links: batch.columns.map((_, place) => ({ kind: "share", place }) as const) } : {}),
    });
    return [result];
  },
};

/** A value that means "missing" (often NaN) becomes the column's fill. */
export const imputerOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "Imputer",
  compile: (node, [input], build) => {
    const batch = asNumbers(node, input);
    const floating = isFloating(batch.element);
    if (batch.dims.length !== 1) throw new NotCompiled(`${node.place} takes shape [${batch.dims.join(", ")}]`);
    const fills = floating ? node.floats("imputed_value_floats") : node.ints("imputed_value_int64s");
    const replaced = floating ? node.float("replaced_value_float") : node.int("replaced_value_int64");
    if (fills.length === 0 || replaced === null) throw new NotCompiled(`${node.place} does not say what to fill with`);
    return [
      mapColumns(build, batch, batch.element, (column, into, index) => {
        const fill = fills[fills.length === batch.columns.length ? index : 0] ?? 0;
        for (let row = 0; row < column.length; row++) {
          const value = column[row] ?? 0;
          into[row] = value === replaced || (Number.isNaN(value) && Number.isNaN(replaced)) ? fill : value;
        }
      }),
    ];
  },
};

/** (x − mean) / √(variance + ε) · scale + bias, a set of numbers for each column. */
export const batchNormalizationOperator: Operator = {
  domain: "",
  name: "BatchNormalization",
  compile: (node, [input, ...parameters], build) => {
    const batch = asNumbers(node, input);
    const training = node.int("training_mode") === 1 || node.outputs.filter((name) => name !== "").length > 1;
    if (batch.element !== "float" || batch.dims.length !== 1 || training) {
      throw new NotCompiled(`${node.place} takes ${batch.element} of shape [${batch.dims.join(", ")}], or trains`);
    }
    const count = batch.columns.length;
    const [scale, bias, mean, variance] = [0, 1, 2, 3].map((index) => {
      const { values } = asNumericConstant(node, parameters[index]);
      if (values.length !== count) throw node.fault(`${values.length} values for ${count} columns`);
      return values;
    });
    const epsilon = node.float("epsilon") ?? 1e-5;
    const at = (index: number): [number, number] => {
      const times = (scale?.[index] ?? 1) / Math.sqrt((variance?.[index] ?? 1) + epsilon);
      return [times, (bias?.[index] ?? 0) - (mean?.[index] ?? 0) * times];
    };
    return [
      mapColumns(
        build,
        batch,
        "float",
        (column, into, index) => {
          const [times, plus] = at(index);
          for (let row = 0; row < column.length; row++) into[row] = (column[row] ?? 0) * times + plus;
        },
        { link: (index) => affineOf(index, ...at(index)) },
      ),
    ];
  },
};

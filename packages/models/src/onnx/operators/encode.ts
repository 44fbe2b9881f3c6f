import { AssayError } from "@assay/schema";
import { type Column, isText, numbersOf } from "../../columns.ts";
import { shown } from "../../model-error.ts";
import type { GraphNode } from "../graph.ts";
import { asBatch, asNumbers, type Batch, type Element, NotCompiled, newColumn, type Operator } from "../operand.ts";
import type { Tensor } from "../proto/tensor.ts";

type Keys = { readonly element: Element; readonly values: ArrayLike<number> | readonly string[] };

/** Puts a value in the place of each key; what is no key becomes the default. Texts are looked up once for each level. */
export const labelEncoderOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "LabelEncoder",
  compile: (node, [input], build) => {
    const batch = asBatch(node, input);
    const { keys, values, fallback } = readTables(node);
    if (keys.values.length !== values.values.length) {
      throw node.fault(`${keys.values.length} keys for ${values.values.length} values`);
    }
    if ((keys.element === "string") !== (batch.element === "string")) {
      throw node.fault(`its keys are ${keys.element}, its input is ${batch.element}`);
    }
    const places = new Map<number | string, number>();
    for (let index = 0; index < keys.values.length; index++) places.set(keys.values[index] ?? "", index);
    const placeOf = (key: number | string) => places.get(key) ?? -1;
    const result = build.batch(values.element, batch.dims);
    build.push({
      kind: "host",
      inputs: batch.columns,
      outputs: result.columns,
      dependsOn: (output) => [output],
      run: (columns, rows) => columns.map((column) => encoded(placesOf(column, placeOf), values, fallback, rows)),
    });
    return [result];
  },
};

function readTables(node: GraphNode): { keys: Keys; values: Keys; fallback: number | string } {
  if (node.version < 2) {
    const texts = node.texts("classes_strings");
    throw new NotCompiled(`${node.place} is of version 1, with ${texts.length} classes`);
  }
  const list = (kind: "keys" | "values"): Keys => {
    const tensor: Tensor | null = node.tensor(`${kind}_tensor`);
    if (tensor) {
      if (!["double", "float", "int32", "int64", "string"].includes(tensor.element)) {
        throw new NotCompiled(`${node.place} has ${kind} of ${tensor.element}`);
      }
      return { element: tensor.element as Element, values: tensor.values };
    }
    if (node.has(`${kind}_strings`)) return { element: "string", values: node.texts(`${kind}_strings`) };
    if (node.has(`${kind}_int64s`)) return { element: "int64", values: node.ints(`${kind}_int64s`) };
    if (node.has(`${kind}_floats`)) return { element: "float", values: node.floats(`${kind}_floats`) };
    throw node.fault(`no ${kind}`);
  };
  const values = list("values");
  const given = node.tensor("default_tensor");
  const fallback =
    given?.values[0] ??
    (values.element === "string"
      ? (node.text("default_string") ?? "_Unused")
      : values.element === "int64"
        ? (node.int("default_int64") ?? -1)
        : (node.float("default_float") ?? 0));
  return { keys: list("keys"), values, fallback };
}

/** For each row the place of its value among the keys; −1 where it is none. */
function placesOf(column: Column, placeOf: (key: number | string) => number): Int32Array {
  if (!isText(column)) return Int32Array.from(column, placeOf);
  const ofLevel = Int32Array.from(column.levels, placeOf);
  return Int32Array.from(column.codes, (code) => ofLevel[code] ?? -1);
}

function encoded(places: Int32Array, values: Keys, fallback: number | string, rows: number): Column {
  if (values.element === "string") {
    const texts = [...(values.values as readonly string[]), String(fallback)];
    const codes = Uint32Array.from(places, (place) => (place === -1 ? texts.length - 1 : place));
    return { levels: texts, codes };
  }
  const into = newColumn(values.element, rows);
  for (let row = 0; row < rows; row++) {
    const place = places[row] ?? -1;
    into[row] = Number(place === -1 ? fallback : values.values[place]);
  }
  return into;
}

/** A column for each category, 1 where the value is it. */
export const oneHotEncoderOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "OneHotEncoder",
  compile: (node, [input], build) => {
    const batch: Batch = asBatch(node, input);
    const texts = node.texts("cats_strings");
    const numbers = node.ints("cats_int64s");
    const categories: readonly (number | string)[] = texts.length > 0 ? texts : [...numbers];
    if (categories.length === 0) throw node.fault("no categories");
    if ((batch.element === "string") !== texts.length > 0) {
      throw node.fault(`its categories are ${texts.length > 0 ? "texts" : "integers"}, its input is ${batch.element}`);
    }
    const places = new Map(categories.map((category, index) => [category, index]));
    const placeOf = (key: number | string) => places.get(typeof key === "number" ? Math.trunc(key) : key) ?? -1;
    const mustKnow = (node.int("zeros") ?? 1) === 0;
    const result = build.batch("float", [...batch.dims, categories.length]);
    build.push({
      kind: "host",
      inputs: batch.columns,
      outputs: result.columns,
      dependsOn: (output) => [Math.floor(output / categories.length)],
      run: (columns, rows) =>
        columns.flatMap((column) => {
          const found = placesOf(column, placeOf);
          const made = categories.map(() => new Float32Array(rows));
          for (let row = 0; row < rows; row++) {
            const place = found[row] ?? -1;
            if (place !== -1) (made[place] ?? [])[row] = 1;
            else if (mustKnow) throw unknownCategory(node, column, row);
          }
          return made;
        }),
    });
    return [result];
  },
};

function unknownCategory(node: GraphNode, column: Column, row: number): AssayError {
  const value = isText(column) ? shown(column.levels[column.codes[row] ?? 0] ?? "") : String(column[row]);
  return new AssayError(
    "data-invalid",
    `${node.place}: row ${row} has the category ${value}, which the model does not know and was made to refuse`,
  );
}

/** Joins inputs to one row of floats. */
export const featureVectorizerOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "FeatureVectorizer",
  compile: (node, inputs, build) => {
    const sizes = node.ints("inputdimensions");
    const batches = inputs.map((input) => asNumbers(node, input));
    for (const [index, batch] of batches.entries()) {
      if (batch.dims.length > 1 || sizes[index] !== batch.columns.length) {
        throw new NotCompiled(`${node.place} takes ${sizes[index]} of ${batch.columns.length} columns`);
      }
    }
    const columns = batches.flatMap((batch) => {
      if (batch.element === "float") return batch.columns;
      const floats = build.batch("float", [batch.columns.length]);
      build.push({
        kind: "host",
        inputs: batch.columns,
        outputs: floats.columns,
        dependsOn: (output) => [output],
        run: (given) => given.map((column) => Float32Array.from(numbersOf(column))),
      });
      return floats.columns;
    });
    return [{ kind: "batch", element: "float", dims: [columns.length], columns, sideways: false }];
  },
};

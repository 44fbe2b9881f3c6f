import { numbersOf, type TextColumn } from "../../columns.ts";
import type { GraphNode } from "../graph.ts";
import {
  asBatch,
  asNumbers,
  asNumericConstant,
  type Batch,
  type Builder,
  type Constant,
  type Element,
  NotCompiled,
  type Operator,
} from "../operand.ts";

/** Picks columns by constant indexes; or, from a constant, the value at each row's index (labels from ArgMax). */
export const arrayFeatureExtractorOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "ArrayFeatureExtractor",
  compile: (node, [from, indexes], build) => {
    if (from?.kind === "constant") return [lookUp(node, from, asNumbers(node, indexes), build)];
    const batch = asBatch(node, from);
    if (batch.dims.length !== 1) throw new NotCompiled(`${node.place} picks from shape [${batch.dims.join(", ")}]`);
    return [picked(node, batch, [...asNumericConstant(node, indexes).values])];
  },
};

export const gatherOperator: Operator = {
  domain: "",
  name: "Gather",
  compile: (node, [from, indexes]) => {
    const batch = asBatch(node, from);
    const axis = node.int("axis") ?? 0;
    const constant = asNumericConstant(node, indexes);
    const rank = batch.dims.length;
    if (rank === 0 || !(axis === rank || axis === -1) || constant.dims.length > 1) {
      throw new NotCompiled(`${node.place} gathers along axis ${axis}`);
    }
    const size = batch.dims[rank - 1] ?? 0;
    const groups = Array.from({ length: batch.columns.length / size }, (_, group) =>
      picked(node, { ...batch, columns: batch.columns.slice(group * size, (group + 1) * size) }, [...constant.values]),
    );
    const dims = [...batch.dims.slice(0, -1), ...(constant.dims.length === 0 ? [] : [constant.values.length])];
    return [{ ...batch, dims, columns: groups.flatMap((group) => group.columns) }];
  },
};

export const sliceOperator: Operator = {
  domain: "",
  name: "Slice",
  compile: (node, [from, ...inputs]) => {
    const batch = asBatch(node, from);
    const [starts, ends, axes, steps] = ["starts", "ends", "axes", "steps"].map((name, index) => {
      if (node.version < 10) return node.has(name) ? [...node.ints(name)] : null;
      const input = inputs[index];
      return input ? [...asNumericConstant(node, input).values] : null;
    });
    const axis = axes?.[0] ?? 0;
    const plain = batch.dims.length === 1 && starts?.length === 1 && ends?.length === 1 && (axis === 1 || axis === -1);
    if (!plain || (steps?.[0] ?? 1) !== 1) throw new NotCompiled(`${node.place} cuts rows, or with a step`);
    const count = batch.dims[0] ?? 0;
    const place = (index: number) => Math.min(count, Math.max(0, index < 0 ? index + count : index));
    const [start, end] = [place(starts?.[0] ?? 0), place(ends?.[0] ?? 0)];
    if (end <= start) throw node.fault(`picks columns ${start} to ${end} of ${count}`);
    return [{ ...batch, dims: [end - start], columns: batch.columns.slice(start, end) }];
  },
};

function picked(node: GraphNode, batch: Batch, indexes: readonly number[]): Batch {
  const columns = indexes.map((index) => {
    const column = batch.columns[index < 0 ? index + batch.columns.length : index];
    if (column === undefined) throw node.fault(`picks column ${index} of ${batch.columns.length}`);
    return column;
  });
  return { ...batch, dims: [columns.length], columns };
}

/** The result has shape [1, n]: as the operator says, the last axis holds what was picked. */
function lookUp(node: GraphNode, { tensor }: Constant, indexes: Batch, build: Builder): Batch {
  if (indexes.columns.length !== 1)
    throw new NotCompiled(`${node.place} looks up ${indexes.columns.length} indexes a row`);
  const flat = tensor.dims.length === 1 || (tensor.dims.length === 2 && tensor.dims[0] === 1);
  const elements: readonly string[] = ["bool", "double", "float", "int32", "int64", "string"] satisfies Element[];
  if (!flat || !elements.includes(tensor.element)) {
    throw new NotCompiled(`${node.place} looks up in ${tensor.element} of shape [${tensor.dims.join(", ")}]`);
  }
  const result = build.batch(tensor.element as Element, []);
  const count = tensor.values.length;
  build.push({
    kind: "host",
    inputs: indexes.columns,
    outputs: result.columns,
    run: ([column], rows) => {
      const at = numbersOf(column);
      const codes = Uint32Array.from({ length: rows }, (_, row) => {
        const index = at[row] ?? 0;
        if (!(index >= 0 && index < count)) throw node.fault(`looks up index ${index} of ${count} in row ${row}`);
        return index;
      });
      if (tensor.element === "string") return [{ levels: tensor.values, codes } satisfies TextColumn];
      return [Float64Array.from(codes, (code) => tensor.values[code] ?? 0)];
    },
  });
  return { ...result, sideways: true };
}

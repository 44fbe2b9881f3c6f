import type { AssayError } from "@assay/schema";
import type { ModelInput } from "../model.ts";
import { modelError, shown } from "../model-error.ts";
import type { InputShape } from "./compile.ts";
import type { Graph, GraphNode } from "./graph.ts";
import { elementType, type ValueInfo } from "./proto/model-proto.ts";
import { isTreeNode, readTrees } from "./trees/read-trees.ts";

/** Wider inputs are no table, and every column is an input of the model. */
const mostColumns = 1_000_000;

export interface GraphInput extends InputShape {
  /** Rows a batch must have, where the file fixes them. */
  readonly batch: number | null;
  readonly inputs: readonly ModelInput[];
}

/**
 * What a graph takes, as columns. Where the file leaves the width open it is looked for in the nodes that take the input,
 * or it is `columns`.
 * @throws AssayError model-invalid, not-supported naming the input
 */
export function graphInputs(graph: Graph, columns: number | null): readonly GraphInput[] {
  if (graph.inputs.length === 0) throw modelError(graph.file, null, "the graph takes no inputs");
  return graph.inputs.map((value) => graphInput(graph, value, graph.inputs.length === 1 ? columns : null));
}

function graphInput(graph: Graph, value: ValueInfo, columns: number | null): GraphInput {
  const place = `input ${shown(value.name)}`;
  const fault = (message: string, code?: AssayError["code"]) => modelError(graph.file, place, message, code);
  const { type } = value;
  if (type.kind !== "tensor") throw fault("takes something else than a tensor", "not-supported");
  const element = elementType(type.element);
  const known = ["bool", "double", "float", "int32", "int64", "string"];
  if (!element || !known.includes(element)) {
    throw fault(
      `takes ${element ?? `element type ${type.element}`}; inputs of ${known.join(", ")} are given`,
      "not-supported",
    );
  }
  const [first, ...rest] = type.dims ?? [null, null];
  if (type.dims?.length === 0) throw fault("takes one number, not rows", "not-supported");
  if (typeof first === "number" && first < 1) throw fault(`has ${first} rows`);
  const dims = rest.map((dim) => {
    if (typeof dim === "number" && dim >= 1) return dim;
    if (rest.length > 1)
      throw fault(`leaves open the shape [${(type.dims ?? []).join(", ")}] after its rows`, "not-supported");
    const found = columns ?? inferWidth(graph, value.name);
    if (found === null) throw fault("does not say how many columns it takes; export the model with a fixed number");
    return found;
  });
  const width = dims.reduce((product, dim) => product * dim, 1);
  if (!(width <= mostColumns)) throw fault(`takes ${width} columns`, "not-supported");
  return {
    value,
    dims,
    batch: typeof first === "number" ? first : null,
    inputs: Array.from({ length: width }, (_, index) => ({
      name: width === 1 ? value.name : `${value.name}[${index}]`,
      kind: element === "string" ? "category" : "number",
      tensor: value.name,
      place: index,
      whole: element === "int64" || element === "int32" || element === "bool",
    })),
  };
}

/** The width that a node which takes the input asks for; of trees, the columns they use at least. */
function inferWidth(graph: Graph, name: string): number | null {
  const names = new Set([name]);
  for (const node of graph.nodes) {
    const input = node.inputs[0];
    if (input === undefined || !names.has(input)) continue;
    if (node.operator === "Cast" || node.operator === "Identity") {
      const [output] = node.outputs;
      if (output) names.add(output);
      continue;
    }
    const found = widthOf(graph, node);
    if (found !== null) return found;
  }
  return null;
}

function widthOf(graph: Graph, node: GraphNode): number | null {
  if (isTreeNode(node.domain, node.operator)) {
    return readTrees(node).feature.reduce((most, column) => Math.max(most, column + 1), 1);
  }
  switch (node.operator) {
    case "Gemm":
    case "MatMul": {
      const dims = graph.initializers.get(node.inputs[1] ?? "")?.dims;
      const transposed = node.operator === "Gemm" && node.int("transB") === 1;
      return dims?.length === 2 ? (dims[transposed ? 1 : 0] ?? null) : null;
    }
    case "Imputer":
      return node.floats("imputed_value_floats").length > 1 ? node.floats("imputed_value_floats").length : null;
    case "LinearClassifier":
    case "LinearRegressor": {
      const rows = Math.max(1, node.floats("intercepts").length);
      return node.floats("coefficients").length / rows || null;
    }
    case "Scaler":
      return node.floats("scale").length > 1 ? node.floats("scale").length : null;
    default:
      return null;
  }
}

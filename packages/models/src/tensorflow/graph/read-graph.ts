import type { AssayError } from "@assay/schema";
import { issueText } from "@assay/schema";
import { z } from "zod";
import { modelError, shown } from "../../model-error.ts";
import type { ModelJson } from "../read-model-json.ts";
import type { Weights } from "../weights.ts";
import { graphOperators } from "./graph-operators.ts";

export interface GraphNode {
  readonly name: string;
  readonly operator: string;
  /** What it reads: nodes by name, with the place among their outputs. */
  readonly inputs: readonly { readonly node: string; readonly output: number }[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A tensor that goes in or comes out: its name outside, the node that holds it, and what its signature says. */
export interface Port {
  readonly name: string;
  readonly node: string;
  /** `Identity:0`, as TensorFlow.js asks for it. */
  readonly tensor: string;
  readonly dtype: string | null;
  readonly shape: readonly (number | null)[] | null;
}

export interface Graph {
  /** In an order in which they run. */
  readonly nodes: readonly GraphNode[];
  readonly byName: ReadonlyMap<string, GraphNode>;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Its way depends on values, so TensorFlow.js runs it step by step. */
  readonly branches: boolean;
}

const node = z.object({
  name: z.string().min(1),
  op: z.string().min(1),
  input: z.array(z.string()).nullish(),
  attr: z.record(z.string(), z.unknown()).nullish(),
});
const functions = z.object({
  library: z
    .object({ function: z.array(z.object({ nodeDef: z.array(z.object({ op: z.string() })).nullish() })).nullish() })
    .nullish(),
});
const shape = z.object({
  dim: z.array(z.object({ size: z.union([z.string(), z.number()]).nullish() })).nullish(),
  unknownRank: z.boolean().nullish(),
});
const port = z.object({ name: z.string().nullish(), dtype: z.unknown(), tensorShape: shape.nullish() });
const signature = z.object({
  inputs: z.record(z.string(), port).nullish(),
  outputs: z.record(z.string(), port).nullish(),
});

/** Operators whose outcome decides what runs. */
const branching = [
  "Enter",
  "Exit",
  "If",
  "LoopCond",
  "Merge",
  "NextIteration",
  "StatelessIf",
  "StatelessWhile",
  "Switch",
  "While",
];
/** Outputs whose size depends on values, which TensorFlow.js computes at its own time. */
const sized = ["NonMaxSuppressionV2", "NonMaxSuppressionV3", "NonMaxSuppressionV4", "NonMaxSuppressionV5", "Where"];

/**
 * A graph model's graph, checked before TensorFlow.js reads it.
 * @throws AssayError not-supported naming every operator that cannot be run; model-invalid with the place
 */
export function readGraph(file: string, json: ModelJson, weights: Weights): Graph {
  const fault = (place: string | null, message: string, code?: AssayError["code"]) =>
    modelError(file, place, message, code);
  const parsed = z.array(node).safeParse(json.modelTopology.node);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw fault(
      `modelTopology.node.${issue?.path.join(".") ?? ""}`,
      issue ? issueText(issue) : "is not as it should be",
    );
  }
  const library = functions.safeParse(json.modelTopology);
  if (!library.success) throw fault("modelTopology.library", "cannot be read");
  const inner = (library.data.library?.function ?? []).flatMap(({ nodeDef }) => nodeDef ?? []);
  const known = new Set(graphOperators);
  const refused = [...parsed.data, ...inner].map(({ op }) => op).filter((op) => !known.has(op));
  if (refused.length > 0) {
    const names = [...new Set(refused)]
      .sort()
      .slice(0, 20)
      .map((name) => name.slice(0, 60));
    throw fault(
      null,
      `has operators that TensorFlow.js does not know: ${names.join(", ")}; export the model to ONNX`,
      "not-supported",
    );
  }
  const byName = new Map<string, GraphNode>();
  for (const { name, op, input, attr } of parsed.data) {
    if (byName.has(name)) throw fault(`node ${shown(name)}`, "has a name that another node has");
    const inputs = (input ?? []).flatMap((text) => {
      if (text.startsWith("^")) return [];
      const [, of = text, output = "0"] = /^(.*):(\d+)$/.exec(text) ?? [];
      return [{ node: of, output: Number(output) }];
    });
    byName.set(name, { name, operator: op, inputs, attributes: attr ?? {} });
  }
  for (const one of byName.values()) {
    const missing = one.inputs.find((input) => !byName.has(input.node));
    if (missing) {
      throw fault(`node ${shown(one.name)} (${one.operator})`, `reads ${shown(missing.node)}, which is not there`);
    }
    if (one.operator === "Const" && !weights.byName.has(one.name)) {
      throw fault(`node ${shown(one.name)} (Const)`, "has no weight of its name in weightsManifest");
    }
  }
  const ports = readPorts(fault, json, byName);
  return {
    nodes: inOrder(byName, fault),
    byName,
    ...ports,
    branches: [...byName.values(), ...inner.map(({ op }) => ({ operator: op }))].some(
      ({ operator }) => branching.includes(operator) || sized.includes(operator) || operator.startsWith("TensorArray"),
    ),
  };
}

/** Nodes after those that they read. Loops of the old way stand on NextIteration, which is let go first. */
function inOrder(
  byName: ReadonlyMap<string, GraphNode>,
  fault: (place: string, message: string) => AssayError,
): readonly GraphNode[] {
  const waits = new Map<string, number>();
  const readers = new Map<string, string[]>();
  for (const { name, operator, inputs } of byName.values()) {
    const own = operator === "NextIteration" ? [] : [...new Set(inputs.map((input) => input.node))];
    waits.set(name, own.length);
    for (const of of own) readers.set(of, [...(readers.get(of) ?? []), name]);
  }
  const ready = [...waits].filter(([, count]) => count === 0).map(([name]) => name);
  const order: GraphNode[] = [];
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    const own = byName.get(name);
    if (own) order.push(own);
    for (const reader of readers.get(name) ?? []) {
      const left = (waits.get(reader) ?? 1) - 1;
      waits.set(reader, left);
      if (left === 0) ready.push(reader);
    }
  }
  const stuck = [...waits].find(([, count]) => count > 0);
  if (stuck) throw fault(`node ${shown(stuck[0])}`, "is reached from itself");
  return order;
}

function readPorts(
  fault: (place: string, message: string) => AssayError,
  { signature: own, userDefinedMetadata }: ModelJson,
  byName: ReadonlyMap<string, GraphNode>,
): Pick<Graph, "inputs" | "outputs"> {
  const found = signature.safeParse(userDefinedMetadata?.signature ?? own ?? {});
  if (!found.success) throw fault("signature", found.error.issues[0]?.message ?? "cannot be read");
  const read = new Set([...byName.values()].flatMap(({ inputs }) => inputs.map((input) => input.node)));
  const told = (kind: "inputs" | "outputs"): readonly Port[] =>
    Object.entries(found.data[kind] ?? {}).map(([name, { name: tensor, dtype, tensorShape }]) => {
      const [node = name] = (tensor ?? name).split(":");
      const holder = byName.get(node);
      if (!holder) throw fault(`signature.${kind}.${name}`, `names ${shown(node)}, which is no node`);
      return {
        name,
        node,
        tensor: tensor ?? name,
        dtype: dtypeOf(dtype) ?? dtypeOfNode(holder),
        shape: shapeOf(tensorShape) ?? shapeOf(attributeShape(holder)),
      };
    });
  const ofNode = (holder: GraphNode): Port => ({
    name: holder.name,
    node: holder.name,
    tensor: holder.name,
    dtype: dtypeOfNode(holder),
    shape: shapeOf(attributeShape(holder)),
  });
  const inputs = told("inputs");
  const outputs = told("outputs");
  const all = [...byName.values()];
  const fed = inputs.length > 0 ? inputs : all.filter(({ operator }) => operator === "Placeholder").map(ofNode);
  const given =
    outputs.length > 0
      ? outputs
      : all.filter(({ name, operator }) => !read.has(name) && !idle.includes(operator)).map(ofNode);
  if (fed.length === 0) throw fault("signature", "names no inputs, and no node is a Placeholder");
  if (given.length === 0) throw fault("signature", "names no outputs, and every node is read by another");
  return { inputs: fed, outputs: given };
}

const idle = ["Const", "NoOp", "Placeholder", "PlaceholderWithDefault"];

function attributeShape({ attributes }: GraphNode): unknown {
  const own = attributes.shape;
  return typeof own === "object" && own !== null && "shape" in own ? own.shape : null;
}

/** Null where a shape is not told. */
function shapeOf(json: unknown): readonly (number | null)[] | null {
  const found = shape.safeParse(json);
  if (!found.success || found.data.unknownRank === true || !found.data.dim) return null;
  return found.data.dim.map(({ size }) => {
    const value = Number(size ?? 0);
    return Number.isInteger(value) && value >= 0 ? value : null;
  });
}

function dtypeOfNode({ attributes }: GraphNode): string | null {
  const own = attributes.dtype ?? attributes.T;
  return typeof own === "object" && own !== null && "type" in own ? dtypeOf(own.type) : null;
}

/** TensorFlow's types as TensorFlow.js computes them, by name or number (types.proto). */
function dtypeOf(type: unknown): string | null {
  switch (type) {
    case "DT_FLOAT":
    case "DT_DOUBLE":
    case "DT_HALF":
    case 1:
    case 2:
    case 19:
      return "float32";
    case "DT_INT32":
    case "DT_INT64":
    case "DT_INT8":
    case "DT_UINT8":
    case 3:
    case 4:
    case 6:
    case 9:
      return "int32";
    case "DT_BOOL":
    case 10:
      return "bool";
    case "DT_STRING":
    case 7:
      return "string";
    default:
      return typeof type === "string" ? type : null;
  }
}

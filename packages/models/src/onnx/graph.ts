import type { AssayError } from "@assay/schema";
import { type ModelPart, modelError, shown } from "../model-error.ts";
import {
  type AttributeProto,
  attribute,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfo,
} from "./proto/model-proto.ts";
import { type ReadExternal, readValues, type Tensor } from "./proto/tensor.ts";

/** A checked graph: every value is made once, before it is used; nothing is missing. */
export interface Graph {
  readonly file: string;
  readonly proto: ModelProto;
  /** In an order in which they can run. */
  readonly nodes: readonly GraphNode[];
  readonly initializers: ReadonlyMap<string, TensorProto>;
  /** What the caller gives: the file's inputs without those that have an initializer. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Value → the node that makes it. */
  readonly makerOf: ReadonlyMap<string, GraphNode>;
  readonly external: ReadExternal;
}

/** A node with its attributes as typed values; faults name the node and the attribute. */
export class GraphNode implements ModelPart {
  readonly operator: string;
  readonly domain: string;
  readonly version: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly proto: NodeProto;
  /** `node 3 "scaler" (Scaler)`. */
  readonly place: string;
  readonly #file: string;
  readonly #bytes: Uint8Array;
  readonly #external: ReadExternal;

  constructor(
    source: { file: string; bytes: Uint8Array; external: ReadExternal },
    proto: NodeProto,
    index: number,
    version: number,
  ) {
    this.operator = proto.operator;
    this.domain = proto.domain;
    this.version = version;
    this.inputs = proto.inputs;
    this.outputs = proto.outputs;
    this.proto = proto;
    this.place = `node ${index}${proto.name ? ` ${shown(proto.name)}` : ""} (${proto.operator})`;
    this.#file = source.file;
    this.#bytes = source.bytes;
    this.#external = source.external;
  }

  fault(message: string): AssayError {
    return modelError(this.#file, this.place, message);
  }

  has(name: string): boolean {
    return this.proto.attributes.has(name);
  }

  int(name: string): number | null {
    const value = this.#read(name, attribute.int);
    if (value !== null && !Number.isSafeInteger(value)) throw this.fault(`${name} is beyond 2^53`);
    return value;
  }

  float(name: string): number | null {
    return this.#read(name, attribute.float);
  }

  text(name: string): string | null {
    return this.#read(name, attribute.text);
  }

  /** Empty where the attribute is not there. Integers beyond ±2^53 are refused: no class or index has them. */
  ints(name: string): Float64Array {
    const values = this.#read(name, attribute.ints) ?? new Float64Array(0);
    const wide = values.findIndex((value) => !Number.isSafeInteger(value));
    if (wide !== -1) throw this.fault(`${name}[${wide}] is ${values[wide]}, beyond 2^53`);
    return values;
  }

  floats(name: string): Float64Array {
    return this.#read(name, attribute.floats) ?? new Float64Array(0);
  }

  texts(name: string): readonly string[] {
    return this.#read(name, attribute.texts) ?? [];
  }

  tensor(name: string): Tensor | null {
    const proto = this.#read(name, attribute.tensor);
    return proto && readValues(this.#bytes, proto, this.#external);
  }

  #read<T>(name: string, read: (bytes: Uint8Array, one: AttributeProto) => T): T | null {
    const one = this.proto.attributes.get(name);
    return one ? read(this.#bytes, one) : null;
  }
}

/** The newest operator sets that were looked at; later ones may mean something else by the same names. */
const newestOpsets: ReadonlyMap<string, number> = new Map([
  ["", 24],
  ["ai.onnx.ml", 5],
]);

export function isKnownOpset(domain: string, version: number): boolean {
  const newest = newestOpsets.get(domain);
  return newest !== undefined && version >= 1 && version <= newest;
}

/** Checks how values flow. @throws AssayError model-invalid, naming node and value */
export function checkGraph(file: string, proto: ModelProto, external: ReadExternal): Graph {
  const { graph, opsets, bytes } = proto;
  const fault = (place: string | null, message: string) => modelError(file, place, message);
  if (graph.nodes.length === 0) throw fault(null, "the graph has no nodes");
  const initializers = new Map<string, TensorProto>();
  for (const tensor of graph.initializers) {
    if (!tensor.name) throw fault(null, "an initializer without a name");
    if (initializers.has(tensor.name)) throw fault(null, `two initializers named ${shown(tensor.name)}`);
    initializers.set(tensor.name, tensor);
  }
  const known = new Set(initializers.keys());
  const inputs = graph.inputs.filter((input) => !initializers.has(input.name));
  for (const input of inputs) {
    if (known.has(input.name)) throw fault(null, `two inputs named ${shown(input.name)}`);
    known.add(input.name);
  }
  const nodes: GraphNode[] = [];
  const makerOf = new Map<string, GraphNode>();
  for (const [index, one] of graph.nodes.entries()) {
    const version = opsets.get(one.domain);
    const node = new GraphNode({ file, bytes, external }, one, index, version ?? 0);
    if (!one.operator) throw fault(node.place, "no operator");
    if (version === undefined) {
      throw fault(node.place, `domain ${shown(one.domain || "ai.onnx")} is in no opset_import of the file`);
    }
    for (const output of one.outputs) {
      if (output === "") continue;
      if (known.has(output) || makerOf.has(output))
        throw fault(node.place, `makes ${shown(output)}, which is there already`);
      makerOf.set(output, node);
    }
    nodes.push(node);
  }
  const sorted = inOrder(file, nodes, known, makerOf, graph.sparseInitializers > 0);
  if (graph.outputs.length === 0) throw fault(null, "the graph has no outputs");
  for (const output of graph.outputs) {
    if (!known.has(output.name) && !makerOf.has(output.name)) {
      throw fault(null, `the output ${shown(output.name)} is made by no node`);
    }
  }
  return { file, proto, nodes: sorted, initializers, inputs, outputs: graph.outputs, makerOf, external };
}

/** Nodes in an order in which each finds its inputs made; a value that nobody makes or a circle is a fault. */
function inOrder(
  file: string,
  nodes: readonly GraphNode[],
  given: ReadonlySet<string>,
  makerOf: ReadonlyMap<string, GraphNode>,
  sparse: boolean,
): readonly GraphNode[] {
  const waiting = new Map<GraphNode, number>();
  const users = new Map<GraphNode, GraphNode[]>();
  const ready: GraphNode[] = [];
  for (const node of nodes) {
    const makers = new Set<GraphNode>();
    for (const input of node.inputs) {
      if (input === "" || given.has(input)) continue;
      const maker = makerOf.get(input);
      if (maker) makers.add(maker);
      else if (!sparse)
        throw modelError(file, node.place, `its input ${shown(input)} is made by no node and is no input of the model`);
    }
    waiting.set(node, makers.size);
    if (makers.size === 0) ready.push(node);
    for (const maker of makers) {
      const known = users.get(maker);
      if (known) known.push(node);
      else users.set(maker, [node]);
    }
  }
  // What is ready grows while it is walked: in the end it is the order.
  for (const node of ready) {
    for (const user of users.get(node) ?? []) {
      const left = (waiting.get(user) ?? 0) - 1;
      waiting.set(user, left);
      if (left === 0) ready.push(user);
    }
  }
  if (ready.length < nodes.length) {
    const stuck = nodes.find((node) => (waiting.get(node) ?? 0) > 0);
    throw modelError(file, stuck?.place ?? null, "waits for its own output: the graph goes round in a circle");
  }
  return ready;
}

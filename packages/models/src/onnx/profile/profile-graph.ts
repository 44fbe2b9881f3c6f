import { isAssayError } from "@assay/schema";
import type { LayerProfile, ModelProfile } from "../../profile.ts";
import type { InputShape } from "../compile.ts";
import { attributeWeights, tensorWeights } from "../count-parameters.ts";
import { type Graph, type GraphNode, isKnownOpset } from "../graph.ts";
import { elementType, type ValueInfo } from "../proto/model-proto.ts";
import { readValues } from "../proto/tensor.ts";
import { WireFault } from "../proto/wire.ts";
import { bytesOf, type Cost, type Known, knownTensor, made, NotProfiled } from "./known.ts";
import { ruleOf } from "./rules.ts";

/** An input of the graph with the rows of its batch; null where they are the caller's to choose. */
export interface ProfiledInput extends InputShape {
  readonly batch: number | null;
}

/**
 * What a graph costs for one row, node by node. Shapes are followed from the inputs, with one row where the file leaves the
 * batch open; what a fixed batch costs is divided by its rows. A node of an operator that is not known is told as unknown,
 * and the shape that the file itself states for its output is taken from there on. Never throws for what a file holds.
 */
export function profileGraph(graph: Graph, inputs: readonly ProfiledInput[]): ModelProfile {
  const rows = Math.max(1, ...inputs.map((input) => input.batch ?? 1));
  const values = new Map<string, Known>();
  for (const { value, dims, batch } of inputs) {
    const element = value.type.kind === "tensor" ? elementType(value.type.element) : null;
    values.set(value.name, made([batch ?? 1, ...dims], element));
  }
  for (const [name, tensor] of graph.initializers) {
    values.set(
      name,
      knownTensor(tensor, () => readValues(graph.proto.bytes, tensor, graph.external).values),
    );
  }
  const stated = new Map([...graph.proto.graph.values, ...graph.outputs].map((value) => [value.name, value]));
  const read = new Set<string>();
  const layers: LayerProfile[] = [];
  const memory = new Memory(graph, values);
  for (const node of graph.nodes) {
    const given = node.inputs.map((name) => (name === "" ? null : (values.get(name) ?? made(null, null))));
    const { cost, unknown } = costOf(node, given);
    const constant = node.operator === "Constant" || (given.length > 0 && given.every((one) => one?.constant ?? true));
    const outputs = node.outputs.map((name, index): Known => {
      const own = cost?.outputs[index] ?? made(null, null);
      return { ...(own.shape === null && name !== "" ? statedShape(stated.get(name), own, rows) : own), constant };
    });
    for (const [index, name] of node.outputs.entries()) {
      const output = outputs[index];
      if (name !== "" && output) values.set(name, output);
    }
    memory.add(node, outputs, cost?.sameBytes === true);
    const weights = weightsOf(graph, node, read);
    const shown = outputs[0]?.shape ?? null;
    const layer = {
      name: node.proto.name || (node.outputs.find((name) => name !== "") ?? ""),
      operator: node.domain === "" || node.domain === "ai.onnx.ml" ? node.operator : `${node.domain}.${node.operator}`,
      shape: shown === null ? null : [...shown],
      parameters: weights.count,
      weightBytes: weights.bytes,
      comparisons: null,
    };
    const activationBytes = perRow(
      cost?.sameBytes || constant ? 0 : sumOf(outputs.slice(0, node.outputs.length).map(outputBytes(node))),
      rows,
    );
    const inputBytes = perRow(sumOf(given.filter((one) => one !== null && !one.constant).map(bytesOf)), rows);
    if (cost === null) {
      layers.push({ ...layer, multiplyAccumulates: null, operations: null, inputBytes, activationBytes, unknown });
      continue;
    }
    // What is made of constants alone is computed once, not for each row.
    const macs = constant ? 0 : (cost.multiplyAccumulates ?? 0) / rows;
    layers.push({
      ...layer,
      multiplyAccumulates: macs,
      operations: constant ? 0 : 2 * macs + (cost.operations ?? 0) / rows,
      comparisons: cost.comparisons
        ? { ...cost.comparisons, mean: cost.comparisons.mean / rows, most: cost.comparisons.most / rows }
        : null,
      inputBytes,
      activationBytes,
      unknown: activationBytes === null ? "the shape of its output is not known" : null,
    });
  }
  return {
    layers,
    peakActivationBytes: perRow(memory.peak(), rows),
    inputBytes: (sumOf(inputs.map(({ value }) => bytesOf(values.get(value.name) ?? null))) ?? 0) / rows,
  };
}

function costOf(
  node: GraphNode,
  inputs: readonly (Known | null)[],
): { readonly cost: Cost | null; readonly unknown: string | null } {
  const rule = ruleOf(node.domain, node.operator);
  if (rule === null) return { cost: null, unknown: "the operator is not counted" };
  if (!isKnownOpset(node.domain, node.version)) {
    return { cost: null, unknown: `operator set ${node.version} is newer than what is counted` };
  }
  try {
    const cost = rule(node, inputs);
    const numbers = [
      cost.multiplyAccumulates ?? 0,
      cost.operations ?? 0,
      ...cost.outputs.flatMap(({ shape }) => shape ?? []),
    ];
    if (numbers.every((one) => one >= 0 && Number.isFinite(one))) return { cost, unknown: null };
    return { cost: null, unknown: "its shapes do not fit each other" };
  } catch (error) {
    if (error instanceof NotProfiled || error instanceof WireFault || isAssayError(error)) {
      return { cost: null, unknown: error.message };
    }
    throw error;
  }
}

/** ZipMap's maps are no tensor: they have no bytes of their own to count. */
function outputBytes(node: GraphNode): (output: Known) => number | null {
  return (output) => (node.operator === "ZipMap" ? 0 : bytesOf(output));
}

/** The shape that the file states, where it does; its open first axis is the batch. */
function statedShape(value: ValueInfo | undefined, known: Known, rows: number): Known {
  if (value?.type.kind !== "tensor" || value.type.dims === null) return known;
  const [first, ...rest] = value.type.dims;
  const dims = [typeof first === "number" ? first : first === undefined ? undefined : rows, ...rest];
  const shape = dims.filter((dim) => dim !== undefined);
  if (!shape.every((dim): dim is number => typeof dim === "number" && dim >= 0)) return known;
  return { ...known, shape, element: elementType(value.type.element) };
}

/** Weights that no node before read, and the node's own. */
function weightsOf(graph: Graph, node: GraphNode, read: Set<string>): { count: number; bytes: number } {
  let { count, bytes } = attributeWeights(node);
  for (const name of node.inputs) {
    const tensor = graph.initializers.get(name);
    if (tensor === undefined || read.has(name)) continue;
    read.add(name);
    const own = tensorWeights(tensor);
    count += own.count;
    bytes += own.bytes;
  }
  return { count, bytes };
}

function sumOf(parts: readonly (number | null)[]): number | null {
  return parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}

function perRow(value: number | null, rows: number): number | null {
  return value === null ? null : value / rows;
}

/** Which values are needed at the same time: each from the node that makes it to the last that reads it. */
class Memory {
  readonly #graph: Graph;
  /** Bytes by the value that holds them; views hold none of their own. */
  readonly #bytes = new Map<string, number | null>();
  readonly #from = new Map<string, number>();
  readonly #holder = new Map<string, string>();
  #nodes = 0;

  constructor(graph: Graph, values: ReadonlyMap<string, Known>) {
    this.#graph = graph;
    for (const { name } of graph.inputs) {
      this.#bytes.set(name, bytesOf(values.get(name) ?? null));
      this.#from.set(name, 0);
    }
  }

  add(node: GraphNode, outputs: readonly Known[], sameBytes: boolean): void {
    const at = this.#nodes++;
    for (const [index, name] of node.outputs.entries()) {
      if (name === "") continue;
      const output = outputs[index] ?? null;
      if (sameBytes) {
        const from = node.inputs[0] ?? "";
        this.#holder.set(name, this.#holder.get(from) ?? from);
      } else if (output?.constant !== true) {
        this.#bytes.set(name, bytesOf(output));
        this.#from.set(name, at);
      }
    }
  }

  peak(): number | null {
    const { nodes, outputs } = this.#graph;
    const until = new Map(this.#from);
    const use = (name: string, at: number): void => {
      const holder = this.#holder.get(name) ?? name;
      if (this.#from.has(holder)) until.set(holder, Math.max(until.get(holder) ?? 0, at));
    };
    for (const [at, node] of nodes.entries()) for (const name of node.inputs) use(name, at);
    for (const { name } of outputs) use(name, nodes.length - 1);
    const change = new Float64Array(nodes.length + 1);
    for (const [name, bytes] of this.#bytes) {
      if (bytes === null) return null;
      const [from, to] = [this.#from.get(name) ?? 0, until.get(name) ?? 0];
      change[from] = (change[from] ?? 0) + bytes;
      change[to + 1] = (change[to + 1] ?? 0) - bytes;
    }
    let [now, most] = [0, 0];
    for (const step of change) {
      now += step;
      most = Math.max(most, now);
    }
    return most;
  }
}

import type { Program, ProgramOutput, Step } from "../program/program.ts";
import { fuseNetworks } from "../program/trace.ts";
import type { Graph, GraphNode } from "./graph.ts";
import { isKnownOpset } from "./graph.ts";
import { type Batch, type Builder, type Element, NotCompiled, type Operand, width } from "./operand.ts";
import { operatorOf } from "./operators/index.ts";
import { elementType, type ValueInfo } from "./proto/model-proto.ts";
import { readValues } from "./proto/tensor.ts";

/** A graph as steps over columns, or the reason why it stays a graph. */
export type Compiled = { readonly program: Program } | { readonly reason: string };

/**
 * Compiles a graph of tabular operators. `shapes` gives for each input the columns a row has.
 * @throws AssayError model-invalid for faults that only compiling meets
 */
export function compileGraph(graph: Graph, inputs: readonly InputShape[]): Compiled {
  try {
    return { program: compile(graph, inputs) };
  } catch (error) {
    if (error instanceof NotCompiled) return { reason: error.message };
    throw error;
  }
}

/** An input as rows: the number of columns after the first axis; −1 where the file leaves it open. */
export interface InputShape {
  readonly value: ValueInfo;
  readonly dims: readonly number[];
}

const columnElements: readonly string[] = ["bool", "double", "float", "int32", "int64", "string"] satisfies Element[];

/** Registers beyond this are no tabular model. */
const mostRegisters = 1_000_000;

function compile(graph: Graph, shapes: readonly InputShape[]): Program {
  if (graph.proto.functions.length > 0) throw new NotCompiled("the file defines functions of its own");
  if (graph.proto.graph.sparseInitializers > 0) throw new NotCompiled("the graph has sparse initializers");
  for (const [domain, version] of graph.proto.opsets) {
    if (graph.nodes.some((node) => node.domain === domain) && !isKnownOpset(domain, version)) {
      throw new NotCompiled(`opset ${version} of ${domain || "ai.onnx"}`);
    }
  }
  const steps: Step[] = [];
  let registers = 0;
  const build: Builder = {
    batch: (element, dims) => {
      const count = width(dims);
      if (!(count >= 1 && registers + count <= mostRegisters)) throw new NotCompiled(`values of ${count} columns`);
      const columns = Array.from({ length: count }, (_, index) => registers + index);
      registers += count;
      return { kind: "batch", element, dims, columns, sideways: false };
    },
    push: (step) => steps.push(step),
  };
  const values = new Map<string, Operand>();
  const inputs = shapes.flatMap(({ value, dims }) => {
    const element = value.type.kind === "tensor" ? elementType(value.type.element) : null;
    if (!element || !columnElements.includes(element)) throw new NotCompiled(`the input ${value.name} is no table`);
    const batch = build.batch(element as Element, dims);
    values.set(value.name, batch);
    return batch.columns;
  });
  const operand = (name: string): Operand | null => {
    if (name === "") return null;
    const known = values.get(name);
    if (known) return known;
    const initializer = graph.initializers.get(name);
    if (!initializer) throw new NotCompiled(`the value ${name} comes from elsewhere`);
    const constant: Operand = { kind: "constant", tensor: readValues(graph.proto.bytes, initializer, graph.external) };
    values.set(name, constant);
    return constant;
  };
  const needed = neededNodes(graph);
  for (const node of graph.nodes) {
    if (!needed.has(node)) continue;
    const operator = operatorOf(node.domain, node.operator);
    if (!operator) throw new NotCompiled(`${node.place} is not compiled`);
    const made = operator.compile(node, node.inputs.map(operand), build);
    for (const [index, name] of node.outputs.entries()) {
      const value = made[index];
      if (name === "") continue;
      if (!value) throw new NotCompiled(`${node.place} has an output ${index + 1}`);
      values.set(name, value);
    }
  }
  const outputs = graph.outputs.map((output): ProgramOutput => {
    const value = operand(output.name);
    const batch: Batch | null = value?.kind === "batch" ? value : value?.kind === "maps" ? value.batch : null;
    if (!batch) throw new NotCompiled(`the output ${output.name} is not computed from the inputs`);
    return { name: output.name, columns: batch.columns };
  });
  return fuseNetworks({ inputs, steps, outputs, registers });
}

/** The nodes that the outputs come from. */
function neededNodes(graph: Graph): ReadonlySet<GraphNode> {
  const needed = new Set<GraphNode>();
  const names = graph.outputs.map((output) => output.name);
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const maker = graph.makerOf.get(name);
    if (!maker || needed.has(maker)) continue;
    needed.add(maker);
    names.push(...maker.inputs);
  }
  return needed;
}

import type { ModelOutput } from "../../model.ts";
import type { Graph, GraphNode, Port } from "./read-graph.ts";

/** Operators that hand values on: what they mean is what their first input means. */
const passing = ["Cast", "Identity", "IdentityN", "Reshape", "Squeeze", "StopGradient"];

/** What an output means, by the operator it comes from and, where that says nothing, its type. */
export function graphMeaning({ byName, nodes }: Graph, { node, dtype }: Port): Pick<ModelOutput, "classes" | "kind"> {
  let at = byName.get(node);
  for (let step = 0; at && passing.includes(at.operator) && step < nodes.length; step++) {
    at = byName.get(at.inputs[0]?.node ?? "");
  }
  const last = at ? lastFunction(at) : "";
  if (last === "Softmax" || last === "Sigmoid") return { kind: "probabilities", classes: null };
  if (last === "ArgMax" || dtype === "string" || dtype === "int32" || dtype === "bool") {
    return { kind: "label", classes: null };
  }
  return { kind: "value", classes: null };
}

/** The operator, or the last of those that are fused into it. */
function lastFunction(node: GraphNode): string {
  return fusedOperators(node).at(-1) ?? node.operator;
}

/** The operators that the converter fused after a product, in order: `BiasAdd`, `Relu`. */
export function fusedOperators({ attributes }: GraphNode): readonly string[] {
  const own = attributes.fused_ops;
  const list = isObject(own) && isObject(own.list) && Array.isArray(own.list.s) ? own.list.s : [];
  return list.map((text) => {
    try {
      return atob(String(text));
    } catch {
      return String(text);
    }
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

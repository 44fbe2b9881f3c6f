import type { Weights } from "../weights.ts";
import type { Topology } from "./topology.ts";

/** Weights by the names that their layers give them: Keras 3 puts the model's name before each. */
export function withOwnNames({ name: model, layers }: Topology, weights: Weights): Weights {
  const names = new Set(layers.map((layer) => layer.name));
  const own = (weight: string): string => {
    const [first, second = "", ...rest] = weight.split("/");
    const isPrefixed = first === model && rest.length > 0 && names.has(second) && !names.has(first);
    return isPrefixed ? weight.slice(model.length + 1) : weight;
  };
  return {
    bytes: weights.bytes,
    specs: weights.specs.map((spec) => ({ ...spec, name: own(spec.name) })),
    byName: new Map([...weights.byName].map(([name, weight]) => [own(name), weight])),
  };
}

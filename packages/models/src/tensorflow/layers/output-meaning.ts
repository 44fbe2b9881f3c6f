import type { ModelOutput } from "../../model.ts";
import { nameOf } from "./dense-chain.ts";
import { isObject, type Layer, type Topology } from "./topology.ts";

/** Layers that hand on what they take. */
const passing = ["AlphaDropout", "Dropout", "Flatten", "GaussianDropout", "GaussianNoise", "Permute", "Reshape"];

/** What the output of a layer means, by the last activation before it. */
export function layerMeaning(topology: Topology, name: string): Pick<ModelOutput, "classes" | "kind"> {
  return { kind: givesProbabilities(topology, name) ? "probabilities" : "value", classes: null };
}

function givesProbabilities({ layers }: Topology, name: string): boolean {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  let place = layers.findIndex((layer) => layer.name === name);
  // A way back through the layers is no longer than they are many.
  for (let step = 0; step < layers.length; step++) {
    const layer = layers[place];
    if (!layer) return false;
    if (!passing.includes(layer.className)) return isProbability(layer);
    const before = layer.calls === null ? layers[place - 1] : byName.get(layer.calls[0]?.[0]?.layer ?? "");
    place = before ? layers.indexOf(before) : -1;
  }
  return false;
}

function isProbability({ className, config }: Layer): boolean {
  if (className === "Softmax") return true;
  if (className === "Sequential" || className === "TimeDistributed") {
    const inner = Array.isArray(config.layers) ? config.layers.at(-1) : config.layer;
    return isObject(inner) && isObject(inner.config) && probable.includes(nameOf(inner.config.activation));
  }
  return probable.includes(nameOf(config.activation));
}

const probable: readonly string[] = ["hardSigmoid", "hard_sigmoid", "sigmoid", "softmax"];

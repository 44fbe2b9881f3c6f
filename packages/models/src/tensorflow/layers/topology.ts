import type { AssayError } from "@assay/schema";
import { modelError, shown } from "../../model-error.ts";
import type { ModelJson } from "../read-model-json.ts";
import { layerClasses } from "./layer-classes.ts";

/** A layer of a topology. */
export interface Layer {
  /** `layer "dense_1" (Dense)`. */
  readonly place: string;
  readonly className: string;
  readonly name: string;
  readonly config: Config;
  /** For each call of the layer the layers whose outputs it takes; null in a sequence, where it takes the one before. */
  readonly calls: readonly (readonly Reference[])[] | null;
  fault(message: string): AssayError;
}

export type Config = Readonly<Record<string, unknown>>;

/** An output of a layer's call. */
export interface Reference {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
}

export interface Topology {
  readonly name: string;
  readonly layers: readonly Layer[];
  /** Of a functional model; null of a sequence. */
  readonly outputs: readonly Reference[] | null;
  readonly inputs: readonly Reference[] | null;
  /** As TensorFlow.js reads it: the ways in which Keras 3 writes are turned into those of Keras 2. */
  readonly json: Config;
}

const mostLayers = 100_000;
/** No side of a tabular model's tensors is longer. */
const mostSide = 1_000_000;

/**
 * The topology of a layers model, checked before TensorFlow.js reads it: it would not end on layers that wait for each
 * other, and would make whatever size a number asks for.
 * @throws AssayError not-supported naming every layer that cannot be run; model-invalid with the place
 */
export function readTopology(file: string, { modelTopology, weightsManifest }: ModelJson): Topology {
  const whole = isObject(modelTopology.model_config) ? modelTopology.model_config : modelTopology;
  const json = asKeras2(whole) as Config;
  const sides = weightsManifest.flatMap(({ weights }) => weights.flatMap(({ shape }) => shape));
  const check = new Check(
    file,
    sides.reduce((most, side) => Math.max(most, side), 1),
  );
  const topology = check.model(json, "modelTopology");
  check.end();
  return topology;
}

class Check {
  readonly #file: string;
  readonly #longest: number;
  readonly #refused: string[] = [];
  #layers = 0;

  constructor(file: string, longest: number) {
    this.#file = file;
    this.#longest = longest;
  }

  model(json: Config, place: string): Topology {
    const fault = (message: string) => modelError(this.#file, place, message);
    const { class_name: kind, config } = json;
    if (kind !== "Sequential" && kind !== "Model" && kind !== "Functional") {
      throw fault(`is of class ${shownValue(kind)}; models are Sequential, Model or Functional`);
    }
    const list = Array.isArray(config) ? config : isObject(config) ? config.layers : null;
    if (!Array.isArray(list) || list.length === 0) throw fault("has no layers");
    const isSequence = kind === "Sequential";
    const layers = list.map((one, index) => this.layer(one, `${place}, layer ${index}`, isSequence));
    const names = new Set<string>();
    for (const layer of layers) {
      if (names.has(layer.name)) throw layer.fault("has a name that another layer has");
      names.add(layer.name);
    }
    const own = isObject(config) ? config : {};
    const name = typeof own.name === "string" ? own.name : "";
    if (isSequence) return { name, layers, outputs: null, inputs: null, json };
    const [inputs, outputs] = [references(own.input_layers), references(own.output_layers)];
    if (!inputs || inputs.length === 0) throw fault("names no input_layers");
    if (!outputs || outputs.length === 0) throw fault("names no output_layers");
    checkOrder(layers, [...inputs, ...outputs], fault);
    return { name, layers, outputs, inputs, json };
  }

  layer(json: unknown, place: string, isSequence: boolean): Layer {
    const unknownPlace = (message: string) => modelError(this.#file, place, message);
    if (++this.#layers > mostLayers) throw unknownPlace(`there are more than ${mostLayers} layers`);
    if (!isObject(json)) throw unknownPlace("is no layer");
    const { class_name: className, config } = json;
    if (typeof className !== "string") throw unknownPlace(`has class_name ${shownValue(className)}`);
    const isModel = className === "Sequential" || className === "Model" || className === "Functional";
    if (!isObject(config) && !(isModel && Array.isArray(config))) throw unknownPlace("has no config");
    const own = isObject(config) ? config : {};
    const name = typeof json.name === "string" ? json.name : typeof own.name === "string" ? own.name : place;
    const at = `layer ${shown(name)} (${className.slice(0, 60)})`;
    const fault = (message: string) => modelError(this.#file, at, message);
    // TensorFlow.js finds the layers of a graph by the one name and counts their calls by the other.
    if (!isSequence && (json.name !== name || (own.name !== undefined && own.name !== name))) {
      throw fault(`has the names ${shownValue(json.name)} and ${shownValue(own.name)}, which must be one`);
    }
    if (isModel) this.model(json, at);
    else if (!layerClasses.includes(className)) this.#refused.push(at);
    else this.#config(own, fault, at);
    const calls = isSequence ? null : callsOf(json.inbound_nodes);
    if (calls === undefined) throw fault("has inbound_nodes that cannot be read");
    return { place: at, className, name, config: own, calls, fault };
  }

  #config(config: Config, fault: (message: string) => AssayError, place: string): void {
    for (const key of ["units", "filters", "output_dim", "input_dim", "kernel_size", "depth_multiplier"]) {
      for (const value of sidesOf(config[key])) {
        if (!(Number.isInteger(value) && value >= 1 && value <= this.#longest)) {
          throw fault(`has ${key} ${value}; the weights have no side longer than ${this.#longest}`);
        }
      }
    }
    for (const key of sideKeys) {
      for (const value of sidesOf(config[key])) {
        if (!(Math.abs(value) <= mostSide)) throw fault(`has ${key} ${value}`);
      }
    }
    for (const inner of [config.layer, config.cell, config.backward_layer, ...listOf(config.cells)]) {
      if (isObject(inner)) this.layer(inner, place, true);
    }
  }

  end(): void {
    if (this.#refused.length === 0) return;
    const named = [...new Set(this.#refused)];
    const few = named.slice(0, 8).join(", ");
    const more = named.length > 8 ? ` and ${named.length - 8} more` : "";
    const isLambda = named.some((one) => / \((Lambda|TFOpLambda|SlicingOpLambda)\)$/.test(one));
    throw modelError(
      this.#file,
      null,
      `has layers that TensorFlow.js does not know: ${few}${more}; ${isLambda ? "a Lambda layer is Python code, which no file carries: " : ""}use layers of Keras itself, or export the model to ONNX`,
      "not-supported",
    );
  }
}

const sideKeys = [
  "batch_input_shape",
  "cropping",
  "dilation_rate",
  "height",
  "n",
  "num_tokens",
  "padding",
  "pool_size",
  "size",
  "strides",
  "target_shape",
  "width",
] as const;

/** Every call must find its layers made before it: layers that wait for each other, or for one that is not there, never end. */
function checkOrder(
  layers: readonly Layer[],
  ends: readonly Reference[],
  fault: (message: string) => AssayError,
): void {
  const made = new Map<string, number>();
  const left = new Map(layers.map((layer) => [layer.name, [...(layer.calls ?? [])]]));
  for (const layer of layers) {
    if (layer.className === "InputLayer") {
      made.set(layer.name, 1);
      left.delete(layer.name);
    } else if (layer.calls?.length === 0) throw layer.fault("is called on nothing");
  }
  const isMade = (reference: Reference): boolean => reference.call < (made.get(reference.layer) ?? 0);
  for (let moved = true; moved && left.size > 0; ) {
    moved = false;
    for (const [name, calls] of left) {
      while (calls[0]?.every(isMade)) {
        calls.shift();
        made.set(name, (made.get(name) ?? 0) + 1);
        moved = true;
      }
      if (calls.length === 0) left.delete(name);
    }
  }
  const [stuck] = left;
  if (stuck) {
    const [name, calls] = stuck;
    const wanted = calls[0]?.find((reference) => !isMade(reference))?.layer ?? "";
    throw fault(`layer ${shown(name)} waits for ${shown(wanted)}, which is not there or waits for it`);
  }
  const missing = ends.find((end) => !isMade(end) || end.output !== 0);
  if (missing) throw fault(`names ${shown(missing.layer)} as its input or output, which is not there`);
}

/** References as Keras writes them: `["dense", 0, 0]`, or a list of such. */
function references(json: unknown): readonly Reference[] | null {
  if (!Array.isArray(json)) return null;
  const list = typeof json[0] === "string" ? [json] : json;
  const read = list.map((one): Reference | null => {
    if (!Array.isArray(one)) return null;
    const [layer, call, output] = one as unknown[];
    return typeof layer === "string" && isIndex(call) && isIndex(output) ? { layer, call, output } : null;
  });
  return read.every((one) => one !== null) ? read : null;
}

function callsOf(json: unknown): readonly (readonly Reference[])[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const calls = json.map(references);
  return calls.every((call) => call !== null && call.length > 0) ? calls.filter((call) => call !== null) : undefined;
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}

function sidesOf(value: unknown): readonly number[] {
  if (typeof value === "number") return [value];
  return listOf(value).flatMap((one) => (one === null ? [] : sidesOf(one)));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * Keras 3 writes `batch_shape`, a policy as dtype, and calls as arguments, where TensorFlow.js reads `batch_input_shape`, a
 * dtype's name, and lists of layers.
 */
function asKeras2(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(asKeras2);
  if (!isObject(json)) return json;
  const made: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    if (key === "__proto__") continue;
    if (key === "batch_shape") made.batch_input_shape = value;
    else if (key === "dtype" && isObject(value)) made.dtype = isObject(value.config) ? value.config.name : "float32";
    else if (key === "inbound_nodes" && Array.isArray(value)) made.inbound_nodes = value.map(callAsKeras2);
    else made[key] = asKeras2(value);
  }
  return made;
}

function callAsKeras2(call: unknown): unknown {
  if (!isObject(call)) return call;
  const found: unknown[] = [];
  const collect = (json: unknown): void => {
    if (Array.isArray(json)) json.forEach(collect);
    else if (isObject(json)) {
      const history = isObject(json.config) ? json.config.keras_history : null;
      if (json.class_name === "__keras_tensor__" && Array.isArray(history)) found.push([...history, {}]);
    }
  };
  collect(call.args);
  return found;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shownValue(value: unknown): string {
  return shown(JSON.stringify(value) ?? "undefined");
}

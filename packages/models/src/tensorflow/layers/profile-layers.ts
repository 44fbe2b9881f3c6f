import type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { LayerProfile, ModelProfile } from "../../profile.ts";
import { peakBytes, type WorkStep } from "../peak-bytes.ts";
import { type Weights, widthOf } from "../weights.ts";
import type { DenseChain } from "./dense-chain.ts";
import { type LayerCall, layerCost } from "./layer-cost.ts";
import type { LayersExecutable } from "./load-layers.ts";

type TensorFlowLayer = LayersModel["layers"][number];

/** Bytes of a number: TensorFlow.js and our kernels compute in float32. */
const width = 4;

/** What a row costs, call by call. */
export function profileCalls(
  calls: readonly LayerCall[],
  given: ReadonlyMap<string, number>,
  outputs: readonly string[],
): ModelProfile {
  const read = new Set<string>();
  const steps: WorkStep[] = [];
  const layers = calls.map((call): LayerProfile => {
    const { multiplyAccumulates, operations, sameBytes, unknown } = layerCost(call);
    const own = call.weights.filter(({ name }) => !read.has(name));
    for (const { name } of own) read.add(name);
    const made = call.output === null ? null : sizeOf(call.output) * width;
    const taken = call.inputs.every((shape) => shape !== null) ? call.inputs.map((shape) => sizeOf(shape)) : null;
    const [first] = call.reads;
    steps.push({
      reads: call.reads,
      makes: call.makes,
      bytes: made,
      ...(sameBytes && first !== undefined ? { holds: first } : {}),
    });
    return {
      name: call.name,
      operator: call.className,
      shape: call.output === null ? null : [1, ...call.output],
      parameters: own.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      weightBytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      multiplyAccumulates,
      operations: operations === null || multiplyAccumulates === null ? null : 2 * multiplyAccumulates + operations,
      comparisons: null,
      inputBytes: taken && width * taken.reduce((sum, one) => sum + one, 0),
      activationBytes: sameBytes ? 0 : made,
      unknown,
    };
  });
  return {
    layers,
    peakActivationBytes: peakBytes(given, steps, outputs),
    inputBytes: [...given.values()].reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** The calls of a chain that our kernels run, as its file names them. */
export function profileChain(chain: DenseChain, weights: Weights): ModelProfile {
  const calls: LayerCall[] = [];
  let [value, dims] = ["input", chain.input.dims];
  for (const { layer, output } of chain.shapes) {
    if (layer.className === "InputLayer") continue;
    const makes = `${calls.length}`;
    calls.push({
      name: layer.name,
      className: layer.className,
      config: layer.config,
      reads: [value],
      inputs: [dims],
      makes,
      output,
      weights: layer.className === "Dense" ? weightsOf(weights, [`${layer.name}/kernel`, `${layer.name}/bias`]) : [],
    });
    [value, dims] = [makes, output];
  }
  return profileCalls(calls, new Map([["input", sizeOf(chain.input.dims) * width]]), [value]);
}

/** The calls of a model that TensorFlow.js has read: it tells every shape. */
export function profileModel({ model, inputs }: LayersExecutable, weights: Weights): ModelProfile {
  const calls: LayerCall[] = [];
  const ordered = (layers: readonly TensorFlowLayer[], seen: ReadonlySet<number>): void => {
    const made = new Set(seen);
    const waiting = layers.flatMap((layer) => layer.inboundNodes.map((node) => ({ layer, node })));
    for (let moved = true; moved && waiting.length > 0; ) {
      moved = false;
      for (const one of [...waiting]) {
        const { inputTensors, outputTensors } = one.node;
        if (one.layer.getClassName() !== "InputLayer" && !inputTensors.every(({ id }) => made.has(id))) continue;
        waiting.splice(waiting.indexOf(one), 1);
        for (const { id } of outputTensors) made.add(id);
        moved = true;
        if (one.layer.getClassName() !== "InputLayer")
          calls.push(callOf(one.layer, inputTensors, outputTensors, weights));
      }
    }
  };
  ordered(model.layers, new Set(model.inputs.map(({ id }) => id)));
  const given = new Map(
    model.inputs.map(({ id }, index) => [String(id), sizeOf(inputs[index]?.dims ?? []) * width] as const),
  );
  return profileCalls(
    calls,
    given,
    model.outputs.map(({ id }) => String(id)),
  );
}

function callOf(
  layer: TensorFlowLayer,
  reads: readonly SymbolicTensor[],
  [made]: readonly SymbolicTensor[],
  weights: Weights,
): LayerCall {
  return {
    name: layer.name,
    className: layer.getClassName(),
    config: pythonic(layer.getConfig()),
    reads: reads.map(({ id }) => String(id)),
    inputs: reads.map(({ shape }) => rowOf(shape)),
    makes: String(made?.id),
    output: rowOf(made?.shape ?? []),
    weights: layer.weights.map((weight) => {
      const { spec } = weights.byName.get(weight.originalName) ?? {};
      const shape = weight.shape.map((dim) => dim ?? 0);
      return { name: weight.originalName, shape, bytes: sizeOf(shape) * (spec ? widthOf(spec) : width) };
    }),
  };
}

/** Settings as a file writes them: `useBias` is `use_bias`. */
function pythonic(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

function rowOf(shape: readonly (number | null)[]): readonly number[] | null {
  const row = shape.slice(1);
  return row.every((dim): dim is number => dim !== null) ? row : null;
}

function weightsOf({ byName }: Weights, names: readonly string[]): LayerCall["weights"] {
  return names.flatMap((name) => {
    const weight = byName.get(name);
    return weight ? [{ name, shape: weight.spec.shape, bytes: weight.elements * widthOf(weight.spec) }] : [];
  });
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

import { activationOperations } from "../activation-operations.ts";
import { nameOf } from "./dense-chain.ts";
import type { Config } from "./topology.ts";

/** A call of a layer, for one row: shapes are without their rows. */
export interface LayerCall {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  /** Names of the values it reads, and their shapes; null where a side is open. */
  readonly reads: readonly string[];
  readonly inputs: readonly (readonly number[] | null)[];
  readonly makes: string;
  readonly output: readonly number[] | null;
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[]; readonly bytes: number }[];
}

/** What a call does. A number that is not known is null, and `unknown` says why. */
export interface LayerCost {
  readonly multiplyAccumulates: number | null;
  /** Beside two of each multiply-accumulate. */
  readonly operations: number | null;
  /** What it gives is what it took, under another shape or as it is. */
  readonly sameBytes: boolean;
  readonly unknown: string | null;
}

const nothing: LayerCost = { multiplyAccumulates: 0, operations: 0, sameBytes: false, unknown: null };
const unknown = (why: string): LayerCost => ({
  multiplyAccumulates: null,
  operations: null,
  sameBytes: false,
  unknown: why,
});

export function layerCost(call: LayerCall): LayerCost {
  const { className, output } = call;
  const [input = null] = call.inputs;
  if (output === null || input === null) return unknown("its shape is open");
  const rule = rules[className];
  return rule ? rule(call, input, output) : unknown(`the operations of ${className} are not counted`);
}

type Rule = (call: LayerCall, input: readonly number[], output: readonly number[]) => LayerCost;

const size = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);
const sidesOf = (value: unknown): readonly number[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "number") : typeof value === "number" ? [value] : [];

/** A layer's products, then its bias, then its activation. */
function products(macs: (call: LayerCall, input: readonly number[], output: readonly number[]) => number): Rule {
  return (call, input, output) => {
    const activation = activated(call.config, output);
    const bias = call.config.use_bias === false ? 0 : size(output);
    const name = nameOf(call.config.activation);
    return {
      multiplyAccumulates: macs(call, input, output),
      operations: activation === null ? null : bias + activation,
      sameBytes: false,
      unknown: activation === null ? `the operations of the activation ${name} are not counted` : null,
    };
  };
}

function activated(config: Config, output: readonly number[]): number | null {
  return activationOperations(nameOf(config.activation), output);
}

/** The kernel's elements, and how many of them stand for one channel of what is asked. */
function kernel({ weights }: LayerCall, place = 0): readonly number[] {
  return weights[place]?.shape ?? [];
}

const operations = (count: number | null): LayerCost =>
  count === null ? unknown("the operations of its activation are not counted") : { ...nothing, operations: count };
const same: Rule = () => ({ ...nothing, sameBytes: true });
const copied: Rule = () => nothing;
const each =
  (name: string): Rule =>
  (_, __, output) =>
    operations(activationOperations(name, output));
const pooled: Rule = ({ config, className }, _, output) => {
  const axes = className.endsWith("1D") ? 1 : className.endsWith("2D") ? 2 : 3;
  const sides = sidesOf(config.pool_size);
  const window = sides.length === 1 ? (sides[0] ?? 1) ** axes : size(sides);
  return sides.length === 0 ? unknown("its window is not told") : operations(size(output) * window);
};
const overall: Rule = (_, input) => operations(size(input));
const joined =
  (more: number): Rule =>
  ({ inputs }, _, output) =>
    operations(size(output) * (inputs.length - 1 + more));

/** Products of each step with the input and the state; what joins the gates is not counted. */
const recurrent: Rule = ({ weights, className }, input) => {
  const matrices = weights.filter(({ shape }) => shape.length === 2);
  const [steps = 0] = input;
  return {
    ...unknown(`the operations of the gates of ${className} are not counted`),
    multiplyAccumulates: steps * matrices.reduce((sum, { shape }) => sum + size(shape), 0),
  };
};

const rules: Readonly<Record<string, Rule>> = {
  Activation: ({ config }, _, output) => operations(activated(config, output)),
  Add: joined(0),
  AlphaDropout: same,
  Average: joined(1),
  AveragePooling1D: pooled,
  AveragePooling2D: pooled,
  AveragePooling3D: pooled,
  // Mean and variance were learned: a product and a sum for each element.
  BatchNormalization: (_, __, output) => operations(2 * size(output)),
  Concatenate: copied,
  Conv1D: products((call, _, output) => (size(output) * size(kernel(call))) / (kernel(call).at(-1) ?? 1)),
  Conv2D: products((call, _, output) => (size(output) * size(kernel(call))) / (kernel(call).at(-1) ?? 1)),
  // Every input meets the whole kernel of its channel, which stands last.
  Conv2DTranspose: products((call, input) => (size(input) * size(kernel(call))) / (kernel(call).at(-1) ?? 1)),
  Conv3D: products((call, _, output) => (size(output) * size(kernel(call))) / (kernel(call).at(-1) ?? 1)),
  Conv3DTranspose: products((call, input) => (size(input) * size(kernel(call))) / (kernel(call).at(-1) ?? 1)),
  Cropping2D: copied,
  Dense: products((call, _, output) => size(output) * (kernel(call)[0] ?? 0)),
  DepthwiseConv2D: products((call, _, output) => size(output) * size(kernel(call).slice(0, 2))),
  Dropout: same,
  ELU: each("elu"),
  Embedding: copied,
  Flatten: same,
  GRU: recurrent,
  GaussianDropout: same,
  GaussianNoise: same,
  GlobalAveragePooling1D: overall,
  GlobalAveragePooling2D: overall,
  GlobalMaxPooling1D: overall,
  GlobalMaxPooling2D: overall,
  LSTM: recurrent,
  LayerNormalization: ({ config }, _, output) => {
    const size_ = size(output);
    const more = (config.scale === false ? 0 : 1) + (config.center === false ? 0 : 1);
    const axis = sidesOf(config.axis);
    if (axis.length > 1 || (axis.length === 1 && axis[0] !== -1 && axis[0] !== output.length)) {
      return unknown("the operations of its axes are not counted");
    }
    return operations((5 + more) * size_ + (2 * size_) / (output.at(-1) || 1));
  },
  LeakyReLU: each("leakyRelu"),
  MaxPooling1D: pooled,
  MaxPooling2D: pooled,
  MaxPooling3D: pooled,
  Maximum: joined(0),
  Minimum: joined(0),
  Multiply: joined(0),
  PReLU: each("prelu"),
  Permute: copied,
  ReLU: ({ config }, _, output) => operations(size(output) * (typeof config.max_value === "number" ? 2 : 1)),
  RepeatVector: copied,
  Rescaling: (_, __, output) => operations(2 * size(output)),
  Reshape: same,
  SeparableConv2D: products((call, _, output) => {
    const [high = 1, wide = 1, channels = 1, each_ = 1] = kernel(call);
    const places = size(output) / (kernel(call, 1).at(-1) ?? 1);
    return places * channels * each_ * high * wide + size(output) * channels * each_;
  }),
  SimpleRNN: recurrent,
  Softmax: each("softmax"),
  SpatialDropout1D: same,
  UpSampling2D: ({ config }) =>
    config.interpolation === undefined || config.interpolation === "nearest"
      ? nothing
      : unknown("the operations of its interpolation are not counted"),
  ZeroPadding2D: copied,
};

import type { GraphNode } from "../graph.ts";
import { type ElementType, elementType } from "../proto/model-proto.ts";
import {
  axisOf,
  broadcastShapes,
  fewest,
  intsAt,
  isFloat,
  type Known,
  made,
  NotProfiled,
  type Rule,
  type Rules,
  shapeAt,
  sizeOf,
} from "./known.ts";

/*
 * Nothing is computed here: elements get another shape, or are moved. The few whole numbers that exporters compute shapes with
 * are followed, so that a later Reshape is known.
 */

type Inputs = readonly (Known | null)[];

/** The same bytes under another shape. */
function same(inputs: Inputs, shape: readonly number[] | null): ReturnType<Rule> {
  const [input] = inputs;
  return { outputs: [made(shape, input?.element ?? null, input?.ints ?? null)], sameBytes: true };
}

function moved(inputs: Inputs, shape: readonly number[], ints: readonly number[] | null = null): ReturnType<Rule> {
  return { outputs: [made(shape, inputs[0]?.element ?? null, ints)] };
}

/** Axes, an attribute in older operator sets and an input in newer ones. */
function axesOf(node: GraphNode, inputs: Inputs): readonly number[] | null {
  if (inputs[1]) return intsAt(inputs, 1);
  return node.has("axes") ? [...node.ints("axes")] : null;
}

const reshape: Rule = (node, inputs) => {
  const from = shapeAt(inputs, 0);
  const wanted = node.version < 5 ? [...node.ints("shape")] : intsAt(inputs, 1);
  const zeros = node.int("allowzero") === 1;
  const filled = wanted.map((dim, axis) => (dim === 0 && !zeros ? (from[axis] ?? 1) : dim));
  const others = filled.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  const shape = filled.map((dim) => (dim === -1 ? sizeOf(from) / others : dim));
  if (sizeOf(shape) !== sizeOf(from) || shape.some((dim) => !Number.isInteger(dim))) {
    throw new NotProfiled(`it makes shape [${wanted}] of [${from}]`);
  }
  return same(inputs, shape);
};

const flatten: Rule = (node, inputs) => {
  const from = shapeAt(inputs, 0);
  const axis = node.int("axis") ?? 1;
  const at = axis === from.length ? axis : axisOf(axis, Math.max(1, from.length));
  return same(inputs, [sizeOf(from.slice(0, at)), sizeOf(from.slice(at))]);
};

const squeeze: Rule = (node, inputs) => {
  const from = shapeAt(inputs, 0);
  const axes = axesOf(node, inputs)?.map((axis) => axisOf(axis, from.length));
  return same(
    inputs,
    from.filter((dim, axis) => (axes === undefined ? dim !== 1 : !axes.includes(axis))),
  );
};

const unsqueeze: Rule = (node, inputs) => {
  const from = shapeAt(inputs, 0);
  const given = axesOf(node, inputs) ?? [];
  const rank = from.length + given.length;
  const axes = given.map((axis) => axisOf(axis, rank));
  const rest = [...from];
  return same(
    inputs,
    Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (rest.shift() ?? 1))),
  );
};

const transpose: Rule = (node, inputs) => {
  const from = shapeAt(inputs, 0);
  const order = node.has("perm") ? [...node.ints("perm")] : [...from.keys()].reverse();
  return moved(
    inputs,
    order.map((axis) => from[axisOf(axis, from.length)] ?? 1),
  );
};

const concat: Rule = (node, inputs) => {
  const shapes = inputs.map((_, index) => shapeAt(inputs, index));
  const [first = []] = shapes;
  const axis = axisOf(node.int("axis") ?? 1, first.length);
  const total = shapes.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0);
  const lists = inputs.map((input) => input?.ints ?? null);
  const ints = first.length === 1 && lists.every((list) => list !== null) ? lists.flatMap((list) => list ?? []) : null;
  return moved(
    inputs,
    first.map((dim, place) => (place === axis ? total : dim)),
    ints,
  );
};

const split: Rule = (node, inputs) => {
  const from = shapeAt(inputs, 0);
  const axis = axisOf(node.int("axis") ?? 0, from.length);
  const count = node.outputs.length;
  const size = from[axis] ?? 0;
  const part = Math.ceil(size / count);
  const given = inputs[1] ? intsAt(inputs, 1) : [...node.ints("split")];
  const sizes =
    given.length > 0
      ? given
      : Array.from({ length: count }, (_, index) => Math.max(0, Math.min(part, size - part * index)));
  return {
    outputs: sizes.map((own) =>
      made(
        from.map((dim, place) => (place === axis ? own : dim)),
        inputs[0]?.element ?? null,
      ),
    ),
  };
};

const slice: Rule = (node, inputs) => {
  const from = shapeAt(inputs, 0);
  const old = node.version < 10;
  const starts = old ? [...node.ints("starts")] : intsAt(inputs, 1);
  const ends = old ? [...node.ints("ends")] : intsAt(inputs, 2);
  const given = old ? (node.has("axes") ? [...node.ints("axes")] : null) : inputs[3] ? intsAt(inputs, 3) : null;
  const steps = !old && inputs[4] ? intsAt(inputs, 4) : starts.map(() => 1);
  const shape = [...from];
  let ints = from.length === 1 ? (inputs[0]?.ints ?? null) : null;
  for (const [index, start] of starts.entries()) {
    const axis = axisOf(given?.[index] ?? index, from.length);
    const size = from[axis] ?? 0;
    const step = steps[index] ?? 1;
    if (step === 0) throw new NotProfiled("a step of 0");
    const clamp = (value: number, low: number, high: number): number =>
      Math.min(high, Math.max(low, value < 0 ? value + size : value));
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    const [begin, end] = [clamp(start, Math.max(0, low), high), clamp(ends[index] ?? size, low, high)];
    shape[axis] = Math.max(0, Math.ceil((end - begin) / step));
    ints = ints && Array.from({ length: shape[axis] ?? 0 }, (_, place) => ints?.[begin + place * step] ?? 0);
  }
  return moved(inputs, shape, ints);
};

const gather: Rule = (node, inputs) => {
  const [from, at] = [shapeAt(inputs, 0), shapeAt(inputs, 1)];
  const axis = axisOf(node.int("axis") ?? 0, from.length);
  const [list, indexes] = [inputs[0]?.ints, inputs[1]?.ints];
  const ints =
    from.length === 1 && list && indexes
      ? indexes.map((index) => list[index < 0 ? index + list.length : index] ?? 0)
      : null;
  return moved(inputs, [...from.slice(0, axis), ...at, ...from.slice(axis + 1)], ints);
};

const expand: Rule = (_, inputs) => moved(inputs, broadcastShapes([shapeAt(inputs, 0), intsAt(inputs, 1)]));

const tile: Rule = (_, inputs) => {
  const repeats = intsAt(inputs, 1);
  return moved(
    inputs,
    shapeAt(inputs, 0).map((dim, axis) => dim * (repeats[axis] ?? 1)),
  );
};

const pad: Rule = (node, inputs) => {
  const from = shapeAt(inputs, 0);
  const pads = node.version < 11 ? [...node.ints("pads")] : intsAt(inputs, 1);
  const given = inputs[3] ? intsAt(inputs, 3).map((axis) => axisOf(axis, from.length)) : [...from.keys()];
  const shape = [...from];
  for (const [index, axis] of given.entries()) {
    shape[axis] = (from[axis] ?? 0) + (pads[index] ?? 0) + (pads[given.length + index] ?? 0);
  }
  return moved(inputs, shape);
};

const shapeOf: Rule = (node, inputs) => {
  const from = shapeAt(inputs, 0);
  const part = from.slice(node.int("start") ?? 0, node.int("end") ?? undefined);
  return { outputs: [made([part.length], "int64", part)] };
};

const constant: Rule = (node) => {
  const tensor = node.has("value") ? node.tensor("value") : null;
  if (tensor !== null) {
    const whole = tensor.element === "int64" || tensor.element === "int32";
    return { outputs: [made(tensor.dims, tensor.element, whole ? [...tensor.values] : null)] };
  }
  if (node.has("value_int")) return { outputs: [made([], "int64", [node.int("value_int") ?? 0])] };
  if (node.has("value_ints")) {
    const ints = [...node.ints("value_ints")];
    return { outputs: [made([ints.length], "int64", ints)] };
  }
  if (node.has("value_float")) return { outputs: [made([], "float")] };
  if (node.has("value_floats")) return { outputs: [made([node.floats("value_floats").length], "float")] };
  throw new NotProfiled("its value is none that is read");
};

const constantOfShape: Rule = (node, inputs) => {
  const tensor = node.has("value") ? node.tensor("value") : null;
  const shape = intsAt(inputs, 0);
  const whole = tensor?.element === "int64" || tensor?.element === "int32";
  const [value] = whole ? tensor.values : [];
  const count = sizeOf(shape);
  const ints = typeof value === "number" && count <= fewest ? new Array<number>(count).fill(value) : null;
  return { outputs: [made(shape, tensor?.element ?? "float", ints)] };
};

/** Places of tokens, as exporters count them. */
const range: Rule = (_, inputs) => {
  const [start = 0, limit = 0, delta = 1] = [0, 1, 2].map((index) => intsAt(inputs, index)[0]);
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!Number.isSafeInteger(count)) throw new NotProfiled(`it counts from ${start} to ${limit} by ${delta}`);
  const ints = count <= fewest ? Array.from({ length: count }, (_one, place) => start + place * delta) : null;
  return { outputs: [made([count], inputs[0]?.element ?? null, ints)] };
};

const cast: Rule = (node, inputs) => {
  const element: ElementType | null = elementType(node.int("to") ?? 0);
  if (element === null) throw new NotProfiled(`it casts to element type ${node.int("to")}`);
  const ints = isFloat(element) ? null : (inputs[0]?.ints ?? null);
  return { outputs: [made(shapeAt(inputs, 0), element, ints)] };
};

const size: Rule = (_, inputs) => ({ outputs: [made([], "int64", [sizeOf(shapeAt(inputs, 0))])] });

export const shapeRules = {
  Cast: cast,
  Concat: concat,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  DepthToSpace: (node, inputs) => {
    const [rows = 1, channels = 0, height = 1, width = 1] = shapeAt(inputs, 0);
    const block = node.int("blocksize") ?? 1;
    return moved(inputs, [rows, channels / block ** 2, height * block, width * block]);
  },
  Dropout: (_, inputs) => {
    const shape = shapeAt(inputs, 0);
    return { outputs: [made(shape, inputs[0]?.element ?? null), made(shape, "bool")], sameBytes: true };
  },
  Expand: expand,
  Flatten: flatten,
  Gather: gather,
  GatherElements: (_, inputs) => moved(inputs, shapeAt(inputs, 1)),
  Identity: (_, inputs) => same(inputs, inputs[0]?.shape ?? null),
  Pad: pad,
  Range: range,
  Reshape: reshape,
  Shape: shapeOf,
  Size: size,
  Slice: slice,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
} as const satisfies Rules;

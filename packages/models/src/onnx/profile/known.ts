import type { Comparisons } from "../../profile.ts";
import type { GraphNode } from "../graph.ts";
import { type ElementType, elementType, type TensorProto } from "../proto/model-proto.ts";
import { elementCount, elementWidth } from "../proto/tensor.ts";

/** Why a layer's cost is not known. Not a fault of the file. */
export class NotProfiled extends Error {}

/** What is known of a value before anything runs. */
export interface Known {
  /** Null where it is not known. */
  readonly shape: readonly number[] | null;
  readonly element: ElementType | null;
  /** Whole numbers it holds, where they are few and known: shapes, axes, indexes. */
  readonly ints: readonly number[] | null;
  /** Made of no input of the model: it is computed once. */
  readonly constant: boolean;
}

/** What a node does for the batch. */
export interface Cost {
  /** One for each output. */
  readonly outputs: readonly Known[];
  readonly multiplyAccumulates?: number;
  /** Beside two of each multiply-accumulate. */
  readonly operations?: number;
  readonly comparisons?: Comparisons;
  /** Nothing is made: the output is the input under another shape. */
  readonly sameBytes?: true;
}

/**
 * The cost of a node of one operator. `inputs` are null where the node leaves one out.
 * @throws NotProfiled; AssayError of an attribute that cannot be read
 */
export type Rule = (node: GraphNode, inputs: readonly (Known | null)[]) => Cost;

/** Operators by name, of one domain. */
export type Rules = Readonly<Record<string, Rule>>;

/** Whole numbers that are followed, at most. */
export const fewest = 4096;

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** The shape of an input that must be there. @throws NotProfiled */
export function shapeAt(inputs: readonly (Known | null)[], index: number): readonly number[] {
  const shape = inputs[index]?.shape;
  if (!shape) throw new NotProfiled(`the shape of its input ${index + 1} is not known`);
  return shape;
}

/** The whole numbers of an input that must be there. @throws NotProfiled */
export function intsAt(inputs: readonly (Known | null)[], index: number): readonly number[] {
  const ints = inputs[index]?.ints;
  if (!ints) throw new NotProfiled(`the values of its input ${index + 1} are not known`);
  return ints;
}

/** An axis counted from the front. @throws NotProfiled */
export function axisOf(axis: number, rank: number): number {
  const own = axis < 0 ? axis + rank : axis;
  if (!(Number.isInteger(own) && own >= 0 && own < rank)) throw new NotProfiled(`axis ${axis} of ${rank}`);
  return own;
}

/** A value of known shape. Whether it is constant is for the caller of the rules to say. */
export function made(
  shape: readonly number[] | null,
  element: ElementType | null,
  ints: readonly number[] | null = null,
): Known {
  return { shape, element, ints: ints !== null && ints.length <= fewest ? ints : null, constant: false };
}

/** The shape that numpy's broadcasting gives. @throws NotProfiled */
export function broadcastShapes(shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, place) => {
    let dim = 1;
    for (const shape of shapes) {
      const own = shape[shape.length - rank + place] ?? 1;
      if (own !== dim && own !== 1 && dim !== 1) throw new NotProfiled(`shapes that do not fit: ${own} and ${dim}`);
      if (own !== 1) dim = own;
    }
    return dim;
  });
}

export function isFloat(element: ElementType | null | undefined): boolean {
  return element === "double" || element === "float" || element === "float16";
}

/** Bytes of a value's numbers; texts have none; null where it is not known. */
export function bytesOf(known: Known | null): number | null {
  if (known === null || known.element === "string") return 0;
  if (known.shape === null || known.element === null) return null;
  return sizeOf(known.shape) * elementWidth(known.element);
}

/** What a tensor of the file is; `read` reads its values, only where they are few whole numbers. */
export function knownTensor(tensor: TensorProto, read: () => ArrayLike<number | string>): Known {
  const element = elementType(tensor.type);
  const count = elementCount(tensor.dims);
  const whole = element === "int64" || element === "int32" || element === "bool";
  const ints = whole && count <= fewest ? Array.from(read(), Number) : null;
  return { shape: Number.isNaN(count) ? null : tensor.dims, element, ints, constant: true };
}

import { type ElementType, elementType, type TensorProto } from "./model-proto.ts";
import { FieldReader, readFloats, readInts, readTexts, WireFault } from "./wire.ts";

/** A tensor's values in memory, row-major. int64 beyond ±2^53 are rounded: see `exact`. */
export type Tensor =
  | { readonly element: NumericElement; readonly dims: readonly number[]; readonly values: Float32Array | Float64Array }
  | { readonly element: "string"; readonly dims: readonly number[]; readonly values: readonly string[] };

export type NumericElement = Exclude<ElementType, "string">;

/** Bytes of one element in raw data. */
const widths = {
  bool: 1,
  double: 8,
  float: 4,
  float16: 2,
  int16: 2,
  int32: 4,
  int64: 8,
  int8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  uint8: 1,
} as const satisfies Record<NumericElement, number>;

/** Bytes of a file beside the model: its part [offset, offset + length), or to its end where length is null. */
export type ReadExternal = (location: string, offset: number, length: number | null) => Uint8Array;

/** How many elements dims make; NaN where a dimension is negative or the product is no exact integer. */
export function elementCount(dims: readonly number[]): number {
  let count = 1;
  for (const dim of dims) {
    if (!Number.isSafeInteger(dim) || dim < 0) return Number.NaN;
    count *= dim;
    if (!Number.isSafeInteger(count)) return Number.NaN;
  }
  return count;
}

/** Bytes of one number. */
export function elementWidth(element: NumericElement): number {
  return widths[element];
}

/** Bytes that a tensor's numbers take on a device: elements × width; texts count as nothing. */
export function tensorBytes(tensor: TensorProto): number {
  const element = elementType(tensor.type);
  return element === null || element === "string" ? 0 : elementCount(tensor.dims) * widths[element];
}

/**
 * A tensor's values. What the data's length and the shape say must agree before anything is allocated.
 * @throws WireFault; AssayError of `external`
 */
export function readValues(bytes: Uint8Array, tensor: TensorProto, external: ReadExternal): Tensor {
  const element = elementType(tensor.type);
  const count = elementCount(tensor.dims);
  const fail = (message: string) =>
    new WireFault(tensor.message.start, `tensor ${JSON.stringify(tensor.name)}: ${message}`);
  if (element === null) throw fail(`element type ${tensor.type}, which is not known`);
  if (Number.isNaN(count)) throw fail(`shape [${tensor.dims.join(", ")}]`);
  if (element === "string") {
    const values = readTexts(bytes, tensor.message, 6);
    if (values.length !== count) throw fail(`${values.length} texts for shape [${tensor.dims.join(", ")}]`);
    return { element, dims: tensor.dims, values };
  }
  const raw = tensor.external ? externalBytes(tensor, external, fail) : rawBytes(bytes, tensor);
  const values = raw ? fromRaw(raw, element, count, fail) : fromFields(bytes, tensor, element);
  if (values.length !== count) throw fail(`${values.length} values for shape [${tensor.dims.join(", ")}]`);
  return { element, dims: tensor.dims, values };
}

function rawBytes(bytes: Uint8Array, tensor: TensorProto): Uint8Array | null {
  let raw: Uint8Array | null = null;
  const reader = new FieldReader(bytes, tensor.message);
  while (reader.next()) {
    if (reader.field !== 9) continue;
    const { start, end } = reader.span();
    raw = bytes.subarray(start, end);
  }
  return raw;
}

function externalBytes(tensor: TensorProto, read: ReadExternal, fail: (message: string) => WireFault): Uint8Array {
  const location = tensor.external?.get("location");
  if (!location) throw fail("external data without a location");
  const [offset, length] = ["offset", "length"].map((key) => {
    const text = tensor.external?.get(key);
    const value = text === undefined ? null : Number(text);
    if (value !== null && (!Number.isSafeInteger(value) || value < 0)) throw fail(`external data with ${key} ${text}`);
    return value;
  });
  return read(location, offset ?? 0, length ?? null);
}

function fromRaw(
  raw: Uint8Array,
  element: NumericElement,
  count: number,
  fail: (message: string) => WireFault,
): Float32Array | Float64Array {
  const width = widths[element];
  if (raw.length !== count * width) {
    throw fail(`${raw.length} bytes for ${count} values of ${width} bytes each`);
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (element === "float") {
    const values = new Float32Array(count);
    for (let index = 0; index < count; index++) values[index] = view.getFloat32(index * 4, true);
    return values;
  }
  const read = readers[element];
  const values = new Float64Array(count);
  for (let index = 0; index < count; index++) values[index] = read(view, index * width);
  return values;
}

const readers: Readonly<Record<Exclude<NumericElement, "float">, (view: DataView, at: number) => number>> = {
  bool: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
  double: (view, at) => view.getFloat64(at, true),
  float16: (view, at) => float16(view.getUint16(at, true)),
  int16: (view, at) => view.getInt16(at, true),
  int32: (view, at) => view.getInt32(at, true),
  int64: (view, at) => view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true),
  int8: (view, at) => view.getInt8(at),
  uint16: (view, at) => view.getUint16(at, true),
  uint32: (view, at) => view.getUint32(at, true),
  uint64: (view, at) => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true),
  uint8: (view, at) => view.getUint8(at),
};

/** Values in the typed fields: float_data (4), int32_data (5), int64_data (7), double_data (10), uint64_data (11). */
function fromFields(bytes: Uint8Array, tensor: TensorProto, element: NumericElement): Float32Array | Float64Array {
  switch (element) {
    case "float":
      return Float32Array.from(readFloats(bytes, tensor.message, 4, 4));
    case "double":
      return readFloats(bytes, tensor.message, 10, 8);
    case "int64":
      return readInts(bytes, tensor.message, 7);
    case "uint32":
    case "uint64":
      return readInts(bytes, tensor.message, 11);
    case "float16":
      return readInts(bytes, tensor.message, 5).map((bits) => float16(bits & 0xffff));
    default:
      return readInts(bytes, tensor.message, 5);
  }
}

/** IEEE 754 binary16. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

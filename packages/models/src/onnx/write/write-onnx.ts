import { floatField, join, message, packedVarints, utf8, varintField } from "./wire.ts";

// The messages of onnx.proto3 that tabular models need, as their exporters write them.

export type Attribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly text: string }
  | { readonly floats: readonly number[] }
  | { readonly ints: readonly number[] }
  | { readonly texts: readonly string[] }
  | { readonly tensor: TensorSpec };

export interface TensorSpec {
  readonly name?: string;
  readonly type: "bool" | "double" | "float" | "int32" | "int64" | "string" | "uint8";
  readonly dims: readonly number[];
  readonly values: readonly (number | string)[];
  /** Writes `data_location: EXTERNAL` with these entries instead of values. */
  readonly external?: Readonly<Record<string, string>>;
}

export interface NodeSpec {
  readonly operator: string;
  readonly domain?: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface ValueSpec {
  readonly name: string;
  /** `sequence`: a sequence of maps from int64 to float; `sequence-string`: of maps from string to float. */
  readonly type: TensorSpec["type"] | "sequence" | "sequence-string";
  readonly dims?: readonly (number | string)[];
}

export interface ModelSpec {
  readonly opset?: number;
  readonly mlOpset?: number;
  /** Who made the file; `assay` where not given. */
  readonly producer?: string;
  readonly nodes: readonly NodeSpec[];
  readonly initializers?: readonly (TensorSpec & { readonly name: string })[];
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
}

const dataTypes = { float: 1, uint8: 2, int32: 6, int64: 7, string: 8, bool: 9, double: 11 } as const;

/** The bytes of a model. Nothing is checked: what is written is what is given. */
export function writeOnnx(model: ModelSpec): Uint8Array<ArrayBuffer> {
  const graph = [
    ...model.nodes.map((node) => message(1, writeNode(node))),
    message(2, utf8("graph")),
    ...(model.initializers ?? []).map((tensor) => message(5, writeTensor(tensor))),
    ...model.inputs.map((value) => message(11, writeValue(value))),
    ...model.outputs.map((value) => message(12, writeValue(value))),
  ];
  return join([
    varintField(1, 8),
    message(2, utf8(model.producer ?? "assay")),
    message(7, join(graph)),
    message(8, join([message(1, utf8("")), varintField(2, model.opset ?? 17)])),
    message(8, join([message(1, utf8("ai.onnx.ml")), varintField(2, model.mlOpset ?? 3)])),
  ]);
}

function writeNode(node: NodeSpec): Uint8Array<ArrayBuffer> {
  return join([
    ...node.inputs.map((name) => message(1, utf8(name))),
    ...node.outputs.map((name) => message(2, utf8(name))),
    message(3, utf8(node.name ?? "")),
    message(4, utf8(node.operator)),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => message(5, writeAttribute(name, value))),
    message(7, utf8(node.domain ?? "")),
  ]);
}

function writeAttribute(name: string, value: Attribute): Uint8Array<ArrayBuffer> {
  const named = message(1, utf8(name));
  if ("float" in value) return join([named, floatField(2, value.float), varintField(20, 1)]);
  if ("int" in value) return join([named, varintField(3, value.int), varintField(20, 2)]);
  if ("text" in value) return join([named, message(4, utf8(value.text)), varintField(20, 3)]);
  if ("tensor" in value) return join([named, message(5, writeTensor(value.tensor)), varintField(20, 4)]);
  // Both forms of a list are written by exporters: one by one, and packed.
  const packed = (list: readonly number[]) => list.length > 1000;
  if ("floats" in value) {
    const list = packed(value.floats)
      ? [message(7, rawBytes("float", value.floats))]
      : value.floats.map((one) => floatField(7, one));
    return join([named, ...list, varintField(20, 6)]);
  }
  if ("ints" in value) {
    const list = packed(value.ints)
      ? [message(8, packedVarints(value.ints))]
      : value.ints.map((one) => varintField(8, one));
    return join([named, ...list, varintField(20, 7)]);
  }
  const known = new Map<string, Uint8Array<ArrayBuffer>>();
  const texts = value.texts.map((text) => {
    const bytes = known.get(text) ?? message(9, utf8(text));
    known.set(text, bytes);
    return bytes;
  });
  return join([named, join(texts), varintField(20, 8)]);
}

function writeTensor(tensor: TensorSpec): Uint8Array<ArrayBuffer> {
  const head = [...tensor.dims.map((dim) => varintField(1, dim)), varintField(2, dataTypes[tensor.type])];
  const name = tensor.name === undefined ? [] : [message(8, utf8(tensor.name))];
  if (tensor.external) {
    const entries = Object.entries(tensor.external).map(([key, value]) =>
      message(13, join([message(1, utf8(key)), message(2, utf8(value))])),
    );
    return join([...head, ...name, ...entries, varintField(14, 1)]);
  }
  if (tensor.type === "string")
    return join([...head, ...tensor.values.map((one) => message(6, utf8(String(one)))), ...name]);
  return join([...head, ...name, message(9, rawBytes(tensor.type, tensor.values.map(Number)))]);
}

export function rawBytes(type: TensorSpec["type"], values: readonly number[]): Uint8Array<ArrayBuffer> {
  const width = { bool: 1, double: 8, float: 4, int32: 4, int64: 8, string: 0, uint8: 1 }[type];
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    const at = index * width;
    if (type === "float") view.setFloat32(at, value, true);
    else if (type === "double") view.setFloat64(at, value, true);
    else if (type === "int64") view.setBigInt64(at, BigInt(value), true);
    else if (type === "int32") view.setInt32(at, value, true);
    else view.setUint8(at, value);
  }
  return bytes;
}

function writeValue(value: ValueSpec): Uint8Array<ArrayBuffer> {
  const name = message(1, utf8(value.name));
  if (value.type === "sequence" || value.type === "sequence-string") {
    const tensor = message(1, varintField(1, dataTypes.float));
    const key = value.type === "sequence" ? dataTypes.int64 : dataTypes.string;
    const map = join([varintField(1, key), message(2, tensor)]);
    return join([name, message(2, message(4, message(1, message(5, map))))]);
  }
  const dims = (value.dims ?? ["N", 1]).map((dim) =>
    message(1, typeof dim === "number" ? varintField(1, dim) : message(2, utf8(dim))),
  );
  const tensor = join([varintField(1, dataTypes[value.type]), message(2, join(dims))]);
  return join([name, message(2, message(1, tensor))]);
}

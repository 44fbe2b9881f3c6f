import { FieldReader, readFloats, readInts, readTexts, type Span, WireFault } from "./wire.ts";

/*
 * The messages of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3) that a model is read from. Lists of
 * numbers and the bytes of tensors stay where they lie until they are asked for.
 */

export interface ModelProto {
  readonly bytes: Uint8Array;
  readonly irVersion: number;
  readonly producer: string;
  /** Domain → version; `""` is ai.onnx. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: GraphProto;
  /** Functions that the file defines itself: `domain::name`. */
  readonly functions: readonly string[];
  /** Every field of the file but the graph, for writing a variant of it. */
  readonly otherFields: readonly Span[];
}

export interface GraphProto {
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly sparseInitializers: number;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Types of values inside the graph, where the file tells. */
  readonly values: readonly ValueInfo[];
  /** Every field but nodes, outputs and initializers in other files, with keys. */
  readonly otherFields: readonly Span[];
}

export interface NodeProto {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name: string;
  readonly operator: string;
  /** `""` is ai.onnx. */
  readonly domain: string;
  readonly attributes: ReadonlyMap<string, AttributeProto>;
  /** With its key. */
  readonly span: Span;
}

/** One attribute: its numbers are decoded when asked for. */
export interface AttributeProto {
  readonly name: string;
  /** AttributeProto.AttributeType; 0 in files older than IR version 2. */
  readonly type: number;
  readonly message: Span;
}

/** TensorProto.DataType. */
export const elementTypes = {
  1: "float",
  2: "uint8",
  3: "int8",
  4: "uint16",
  5: "int16",
  6: "int32",
  7: "int64",
  8: "string",
  9: "bool",
  10: "float16",
  11: "double",
  12: "uint32",
  13: "uint64",
} as const satisfies Record<number, string>;
export type ElementType = (typeof elementTypes)[keyof typeof elementTypes];

export function elementType(code: number): ElementType | null {
  return (elementTypes as Readonly<Record<number, ElementType>>)[code] ?? null;
}

export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: number;
  /** Key → value, where the data lie in another file. */
  readonly external: ReadonlyMap<string, string> | null;
  readonly message: Span;
}

/** A name with its type. `dims`: a number, a name, or null where the file says nothing; null as a whole: no shape told. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ValueType;
  /** With its key. */
  readonly span: Span;
}

export type ValueType =
  | { readonly kind: "tensor"; readonly element: number; readonly dims: readonly (number | string | null)[] | null }
  /** A sequence of maps, as ZipMap gives. */
  | { readonly kind: "sequence" }
  | { readonly kind: "other" };

/** Reads a model's outline. @throws WireFault */
export function readModel(bytes: Uint8Array): ModelProto {
  let irVersion = 0;
  let producer = "";
  let graph: GraphProto | null = null;
  const opsets = new Map<string, number>();
  const functions: string[] = [];
  const otherFields: Span[] = [];
  const reader = new FieldReader(bytes, { start: 0, end: bytes.length });
  for (;;) {
    const before = reader.end;
    if (!reader.next()) break;
    if (reader.field === 7) {
      // Parsers merge repeated graphs; what is checked here must be what runs, so a second one is refused.
      if (graph) throw new WireFault(reader.start, "a second graph");
      graph = readGraph(bytes, reader.span());
      continue;
    }
    otherFields.push({ start: before, end: reader.end });
    if (reader.field === 1) irVersion = reader.int();
    else if (reader.field === 2) producer = reader.text();
    else if (reader.field === 8) {
      const { domain, version } = readOpset(bytes, reader.span());
      opsets.set(domain === "ai.onnx" ? "" : domain, version);
    } else if (reader.field === 25) functions.push(readFunctionName(bytes, reader.span()));
  }
  if (!graph) throw new WireFault(0, "no graph");
  return { bytes, irVersion, producer, opsets, graph, functions, otherFields };
}

function readGraph(bytes: Uint8Array, span: Span): GraphProto {
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const values: ValueInfo[] = [];
  const otherFields: Span[] = [];
  let sparseInitializers = 0;
  const reader = new FieldReader(bytes, span);
  for (;;) {
    const before = reader.end;
    if (!reader.next()) break;
    const whole = { start: before, end: reader.end };
    if (reader.field === 1) nodes.push(readNode(bytes, reader.span(), whole));
    else if (reader.field === 12) outputs.push(readValueInfo(bytes, reader.span(), whole));
    else if (reader.field === 5) {
      const tensor = readTensor(bytes, reader.span());
      initializers.push(tensor);
      if (!tensor.external) otherFields.push(whole);
    } else {
      otherFields.push(whole);
      if (reader.field === 11) inputs.push(readValueInfo(bytes, reader.span(), whole));
      else if (reader.field === 13) values.push(readValueInfo(bytes, reader.span(), whole));
      else if (reader.field === 15) sparseInitializers++;
    }
  }
  return { nodes, initializers, sparseInitializers, inputs, outputs, values, otherFields };
}

function readNode(bytes: Uint8Array, span: Span, whole: Span): NodeProto {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, AttributeProto>();
  let name = "";
  let operator = "";
  let domain = "";
  const reader = new FieldReader(bytes, span);
  while (reader.next()) {
    if (reader.field === 1) inputs.push(reader.text());
    else if (reader.field === 2) outputs.push(reader.text());
    else if (reader.field === 3) name = reader.text();
    else if (reader.field === 4) operator = reader.text();
    else if (reader.field === 7) domain = reader.text();
    else if (reader.field === 5) {
      const attribute = readAttribute(bytes, reader.span());
      if (attributes.has(attribute.name)) throw new WireFault(reader.start, `a second attribute ${attribute.name}`);
      attributes.set(attribute.name, attribute);
    }
  }
  return { inputs, outputs, name, operator, domain: domain === "ai.onnx" ? "" : domain, attributes, span: whole };
}

function readAttribute(bytes: Uint8Array, message: Span): AttributeProto {
  let name = "";
  let type = 0;
  const reader = new FieldReader(bytes, message);
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 20) type = reader.int();
  }
  return { name, type, message };
}

/** @throws WireFault */
export function readTensor(bytes: Uint8Array, message: Span): TensorProto {
  let name = "";
  let type = 0;
  let external = false;
  const entries = new Map<string, string>();
  const reader = new FieldReader(bytes, message);
  while (reader.next()) {
    if (reader.field === 2) type = reader.int();
    else if (reader.field === 8) name = reader.text();
    else if (reader.field === 13) {
      const [key = "", value = ""] = [1, 2].map((field) => readTexts(bytes, reader.span(), field).at(-1));
      entries.set(key, value);
    } else if (reader.field === 14) external = reader.int() === 1;
  }
  const dims = [...readInts(bytes, message, 1)];
  return { name, dims, type, external: external ? entries : null, message };
}

function readValueInfo(bytes: Uint8Array, message: Span, whole: Span): ValueInfo {
  let name = "";
  let type: ValueType = { kind: "other" };
  const reader = new FieldReader(bytes, message);
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) type = readType(bytes, reader.span());
  }
  return { name, type, span: whole };
}

function readType(bytes: Uint8Array, message: Span): ValueType {
  let type: ValueType = { kind: "other" };
  const reader = new FieldReader(bytes, message);
  while (reader.next()) {
    if (reader.field === 1) type = readTensorType(bytes, reader.span());
    else if (reader.field === 4) type = { kind: "sequence" };
  }
  return type;
}

function readTensorType(bytes: Uint8Array, message: Span): ValueType {
  let element = 0;
  let dims: (number | string | null)[] | null = null;
  const reader = new FieldReader(bytes, message);
  while (reader.next()) {
    if (reader.field === 1) element = reader.int();
    else if (reader.field === 2) {
      dims = [];
      const shape = new FieldReader(bytes, reader.span());
      while (shape.next()) if (shape.field === 1) dims.push(readDimension(bytes, shape.span()));
    }
  }
  return { kind: "tensor", element, dims };
}

function readDimension(bytes: Uint8Array, message: Span): number | string | null {
  let dimension: number | string | null = null;
  const reader = new FieldReader(bytes, message);
  while (reader.next()) {
    if (reader.field === 1) dimension = reader.int();
    else if (reader.field === 2) dimension = reader.text() || null;
  }
  return dimension;
}

function readOpset(bytes: Uint8Array, message: Span): { domain: string; version: number } {
  let domain = "";
  let version = 0;
  const reader = new FieldReader(bytes, message);
  while (reader.next()) {
    if (reader.field === 1) domain = reader.text();
    else if (reader.field === 2) version = reader.int();
  }
  return { domain, version };
}

function readFunctionName(bytes: Uint8Array, message: Span): string {
  let name = "";
  let domain = "";
  const reader = new FieldReader(bytes, message);
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 10) domain = reader.text();
  }
  return `${domain}::${name}`;
}

/** What an attribute holds, by what it is asked as; null where the field is not there. */
export const attribute = {
  float: (bytes: Uint8Array, one: AttributeProto): number | null => lastOf(bytes, one, 2, (reader) => reader.float()),
  int: (bytes: Uint8Array, one: AttributeProto): number | null => lastOf(bytes, one, 3, (reader) => reader.int()),
  text: (bytes: Uint8Array, one: AttributeProto): string | null => lastOf(bytes, one, 4, (reader) => reader.text()),
  tensor: (bytes: Uint8Array, one: AttributeProto): TensorProto | null =>
    lastOf(bytes, one, 5, (reader) => readTensor(bytes, reader.span())),
  floats: (bytes: Uint8Array, one: AttributeProto): Float64Array => readFloats(bytes, one.message, 7, 4),
  ints: (bytes: Uint8Array, one: AttributeProto): Float64Array => readInts(bytes, one.message, 8),
  texts: (bytes: Uint8Array, one: AttributeProto): string[] => readTexts(bytes, one.message, 9),
  /** Whether the attribute holds a graph, as If, Loop and Scan have. */
  hasGraph: (bytes: Uint8Array, one: AttributeProto): boolean =>
    lastOf(bytes, one, 6, () => true) ?? lastOf(bytes, one, 11, () => true) ?? false,
};

function lastOf<T>(bytes: Uint8Array, one: AttributeProto, field: number, read: (reader: FieldReader) => T): T | null {
  let value: T | null = null;
  const reader = new FieldReader(bytes, one.message);
  while (reader.next()) if (reader.field === field) value = read(reader);
  return value;
}

import { join, varint } from "../write/wire.ts";
import type { ModelProto, TensorProto } from "./model-proto.ts";
import type { ReadExternal } from "./tensor.ts";
import { FieldReader, type Span } from "./wire.ts";

/** An output of a variant: a value of the graph with its element type, of any shape. */
export interface VariantOutput {
  readonly name: string;
  readonly element: number;
}

/**
 * The bytes of a model with other outputs, without some nodes, and with the data of other files taken in. Fields are
 * copied as they lie.
 */
export function writeVariant(
  proto: ModelProto,
  change: {
    /** Null: the file's own. */
    readonly outputs: readonly VariantOutput[] | null;
    readonly dropNodes: ReadonlySet<Span>;
  },
  external: ReadExternal,
): Uint8Array<ArrayBuffer> {
  const { bytes, graph } = proto;
  const copy = (span: Span) => bytes.subarray(span.start, span.end);
  const pieces: Uint8Array[] = [];
  for (const node of graph.nodes) if (!change.dropNodes.has(node.span)) pieces.push(copy(node.span));
  for (const field of graph.otherFields) pieces.push(copy(field));
  for (const tensor of graph.initializers) {
    if (tensor.external) pieces.push(...field(5, inline(bytes, tensor, external)));
  }
  if (change.outputs === null) for (const output of graph.outputs) pieces.push(copy(output.span));
  else for (const output of change.outputs) pieces.push(...field(12, [valueInfo(output)]));
  return join([...proto.otherFields.map(copy), ...field(7, pieces)]);
}

function inline(bytes: Uint8Array, tensor: TensorProto, external: ReadExternal): Uint8Array[] {
  const kept: Uint8Array[] = [];
  const reader = new FieldReader(bytes, tensor.message);
  for (;;) {
    const start = reader.end;
    if (!reader.next()) break;
    if (reader.field !== 13 && reader.field !== 14) kept.push(bytes.subarray(start, reader.end));
  }
  const number = (key: string) => {
    const text = tensor.external?.get(key);
    return text === undefined ? null : Number(text);
  };
  const raw = external(tensor.external?.get("location") ?? "", number("offset") ?? 0, number("length"));
  return [...kept, ...field(9, [raw])];
}

/** ValueInfoProto { name, type { tensor_type { elem_type } } } */
function valueInfo({ name, element }: VariantOutput): Uint8Array {
  const tensor = join([varint(8), varint(element)]);
  const type = join(field(1, [tensor]));
  return join([...field(1, [new TextEncoder().encode(name)]), ...field(2, [type])]);
}

/** A length-delimited field of pieces. */
function field(number: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return [varint(number * 8 + 2), varint(length), ...pieces];
}

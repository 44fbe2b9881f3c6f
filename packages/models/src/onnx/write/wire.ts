// Protobuf's wire format, as far as ONNX models need it (protobuf.dev/programming-guides/encoding).

export function varint(value: number): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  pushVarint(bytes, value);
  return Uint8Array.from(bytes);
}

function pushVarint(bytes: number[], value: number): void {
  let rest = Math.max(value, 0);
  if (value < 0) {
    // Two's complement of 64 bits: ten bytes.
    let bits = BigInt.asUintN(64, BigInt(value));
    for (let part = 0; part < 9; part++) {
      bytes.push(Number(bits & 127n) | 128);
      bits >>= 7n;
    }
    rest = Number(bits);
  }
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

export function packedVarints(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const value of values) pushVarint(bytes, value);
  return Uint8Array.from(bytes);
}

export function varintField(field: number, value: number): Uint8Array<ArrayBuffer> {
  return join([varint(field * 8), varint(value)]);
}

export function floatField(field: number, value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join([varint(field * 8 + 5), bytes]);
}

export function message(field: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return join([varint(field * 8 + 2), varint(content.length), content]);
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(text));
}

export function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

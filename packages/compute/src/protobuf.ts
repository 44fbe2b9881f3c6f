// What of protobuf's encoding a writer of ONNX models needs (protobuf.dev/programming-guides/encoding).

/** A field that holds an integer from 0 to 2^53 − 1. */
export function integer(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

export function text(field: number, value: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(value));
}

/** A field that holds bytes, or a message. */
export function bytes(field: number, value: Uint8Array): Uint8Array {
  return join([Uint8Array.from([...varint(field * 8 + 2), ...varint(value.length)]), value]);
}

/** A field of integers side by side. */
export function integers(field: number, values: readonly number[]): Uint8Array {
  return bytes(field, Uint8Array.from(values.flatMap(varint)));
}

/** A field of floats side by side. */
export function floats(field: number, values: readonly number[]): Uint8Array {
  return bytes(field, new Uint8Array(Float32Array.from(values).buffer));
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  out.push(rest);
  return out;
}

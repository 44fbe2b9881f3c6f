/**
 * The wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding/), read in place.
 *
 * Our own reader, not a library: it copies nothing (a model of 1 GB is one pass over tags, weights stay views), runs where
 * `eval` is forbidden, gives int64 lists as numbers instead of a million bigints, and reads every length before it
 * believes it. It never calls itself, so no file can overflow the stack.
 */

/** Where a file's bytes break the format. Caught by the reader of the model, who knows the file's name. */
export class WireFault extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** A piece of a message's bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const wireVarint = 0;
export const wireFixed64 = 1;
export const wireBytes = 2;
export const wireFixed32 = 5;

const decoder = new TextDecoder("utf-8");

/** Walks the fields of one message. After `next()` is true, `field`, `wire` and the value's place are set. */
export class FieldReader {
  readonly bytes: Uint8Array;
  field = 0;
  wire = 0;
  /** First byte of the value: of a varint, a fixed number, or the content of a length-delimited value. */
  start = 0;
  /** Byte after the value. */
  end = 0;
  readonly #limit: number;
  readonly #view: DataView;
  #position: number;

  constructor(bytes: Uint8Array, span: Span) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#position = span.start;
    this.#limit = span.end;
    this.end = span.start;
  }

  next(): boolean {
    if (this.#position >= this.#limit) return false;
    const at = this.#position;
    const key = this.#varint();
    this.field = Math.floor(key / 8);
    this.wire = key % 8;
    if (this.field < 1 || this.field > 536_870_911) throw new WireFault(at, `field number ${this.field}`);
    this.start = this.#position;
    switch (this.wire) {
      case wireVarint:
        this.#varint();
        break;
      case wireFixed64:
        this.#skip(8);
        break;
      case wireBytes: {
        const length = this.#varint();
        this.start = this.#position;
        this.#skip(length);
        break;
      }
      case wireFixed32:
        this.#skip(4);
        break;
      default:
        throw new WireFault(at, `wire type ${this.wire} of field ${this.field}`);
    }
    this.end = this.#position;
    return true;
  }

  /** The value as a signed 64-bit number; beyond ±2^53 rounded to the nearest double. */
  int(): number {
    if (this.wire !== wireVarint) throw this.#unexpected("an integer");
    return readVarint(this.bytes, this.start);
  }

  float(): number {
    if (this.wire !== wireFixed32) throw this.#unexpected("a float");
    return this.#view.getFloat32(this.start, true);
  }

  /** The value as bytes or an embedded message. */
  span(): Span {
    if (this.wire !== wireBytes) throw this.#unexpected("bytes or a message");
    return { start: this.start, end: this.end };
  }

  text(): string {
    const { start, end } = this.span();
    return decoder.decode(this.bytes.subarray(start, end));
  }

  #varint(): number {
    const byte = this.#position < this.#limit ? (this.bytes[this.#position] ?? 0) : 128;
    if (byte < 128) {
      this.#position++;
      return byte;
    }
    const value = readVarint(this.bytes, this.#position, this.#limit);
    this.#position = varintEnd;
    return value < 0 ? value + 2 ** 64 : value;
  }

  #skip(length: number): void {
    if (length > this.#limit - this.#position) {
      throw new WireFault(
        this.start,
        `field ${this.field} claims ${length} bytes, ${this.#limit - this.#position} are left`,
      );
    }
    this.#position += length;
  }

  #unexpected(wanted: string): WireFault {
    return new WireFault(this.start, `field ${this.field} has wire type ${this.wire} where ${wanted} belongs`);
  }
}

/** Where the number that `readVarint` read ends: an object for each of a million numbers would cost more than they. */
let varintEnd = 0;

function readVarint(bytes: Uint8Array, at: number, limit = bytes.length): number {
  let low = 0;
  let high = 0;
  let position = at;
  for (let shift = 0; shift < 70; shift += 7) {
    if (position >= limit) throw new WireFault(at, "the bytes end inside a number");
    const byte = bytes[position++] ?? 0;
    const part = byte & 127;
    if (shift < 28) low |= part << shift;
    else if (shift === 28) {
      low |= part << 28;
      high |= part >> 4;
    } else high |= part << (shift - 32);
    if (byte < 128) {
      varintEnd = position;
      return (high | 0) * 2 ** 32 + (low >>> 0);
    }
  }
  throw new WireFault(at, "a number of more than ten bytes");
}

/** All int64 values of one repeated field, packed or one by one, of a message. Counted before anything is allocated. */
export function readInts(bytes: Uint8Array, message: Span, field: number): Float64Array {
  let count = 0;
  const first = new FieldReader(bytes, message);
  while (first.next()) {
    if (first.field !== field) continue;
    if (first.wire === wireVarint) count++;
    else {
      const { start, end } = first.span();
      for (let index = start; index < end; index++) if ((bytes[index] ?? 0) < 128) count++;
    }
  }
  const values = new Float64Array(count);
  let filled = 0;
  const second = new FieldReader(bytes, message);
  while (second.next()) {
    if (second.field !== field) continue;
    if (second.wire === wireVarint) values[filled++] = second.int();
    else {
      let position = second.start;
      while (position < second.end) {
        values[filled++] = readVarint(bytes, position, second.end);
        position = varintEnd;
      }
    }
  }
  return values;
}

/** All float or double values of one repeated field, packed or one by one. */
export function readFloats(bytes: Uint8Array, message: Span, field: number, width: 4 | 8): Float64Array {
  const wire = width === 4 ? wireFixed32 : wireFixed64;
  let count = 0;
  const first = new FieldReader(bytes, message);
  while (first.next()) {
    if (first.field !== field) continue;
    const length = first.wire === wire ? width : first.span().end - first.start;
    if (length % width !== 0)
      throw new WireFault(first.start, `field ${field} has ${length} bytes of ${width}-byte numbers`);
    count += length / width;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(count);
  let filled = 0;
  const second = new FieldReader(bytes, message);
  while (second.next()) {
    if (second.field !== field) continue;
    for (let at = second.start; at < second.end; at += width) {
      values[filled++] = width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
    }
  }
  return values;
}

/** All texts of one repeated field. Equal neighbours are decoded once: branch modes are the same a million times. */
export function readTexts(bytes: Uint8Array, message: Span, field: number): string[] {
  const values: string[] = [];
  const recent: { start: number; length: number; text: string }[] = [];
  const reader = new FieldReader(bytes, message);
  while (reader.next()) {
    if (reader.field !== field) continue;
    const { start, end } = reader.span();
    const known = recent.find((one) => one.length === end - start && sameBytes(bytes, one.start, start, one.length));
    if (known) {
      values.push(known.text);
      continue;
    }
    const text = reader.text();
    values.push(text);
    if (end - start > 64) continue;
    recent.unshift({ start, length: end - start, text });
    if (recent.length > 4) recent.pop();
  }
  return values;
}

function sameBytes(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let index = 0; index < length; index++) if (bytes[a + index] !== bytes[b + index]) return false;
  return true;
}

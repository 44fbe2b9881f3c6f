import { dataError } from "../../data-error.ts";

export const encodings = ["utf-8", "utf-16le", "utf-16be", "gb18030"] as const;
export type Encoding = (typeof encodings)[number];

/** What the first bytes of a file say: a byte order mark, or the zeros of UTF-16 without one; else UTF-8. */
export function firstGuess(head: Uint8Array): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const length = Math.min(head.length & ~1, 4096);
  if (length < 4) return "utf-8";
  let even = 0;
  let odd = 0;
  for (let at = 0; at < length; at += 2) {
    if (head[at] === 0) even++;
    if (head[at + 1] === 0) odd++;
  }
  const pairs = length / 2;
  if (odd > pairs * 0.4 && even < pairs * 0.02) return "utf-16le";
  if (even > pairs * 0.4 && odd < pairs * 0.02) return "utf-16be";
  return "utf-8";
}

/** Thrown inside when bytes are no UTF-8, so that the reader can try GB18030 before it gives up. */
export class BadUtf8 extends Error {
  /** Offset of the first bad byte in the (decompressed) file. */
  readonly offset: number;
  readonly byte: number;

  constructor(offset: number, byte: number) {
    super(`bad UTF-8 at byte ${offset}`);
    this.offset = offset;
    this.byte = byte;
  }
}

/** The error for bytes that no known encoding explains; the file is read again up to there, to count lines. */
export async function badUtf8Error(file: string, bad: BadUtf8, chunks: AsyncIterable<Uint8Array>): Promise<Error> {
  let line = 1;
  let offset = 0;
  for await (const chunk of chunks) {
    line += countLines(chunk, Math.min(chunk.length, bad.offset - offset));
    offset += chunk.length;
    if (offset > bad.offset) break;
  }
  return dataError(
    file,
    { line },
    bad.byte === 0
      ? `byte ${bad.offset} is NUL, which no text file has; give a text file, or let the name end as its format does (.parquet, .arrow)`
      : `byte ${bad.offset} (0x${bad.byte.toString(16).toUpperCase().padStart(2, "0")}) is not valid UTF-8, and the file is not UTF-16 or GB18030 either; save it as UTF-8 (for a Windows file: iconv -f WINDOWS-1252 -t UTF-8)`,
    bad,
  );
}

/**
 * Turns chunks in any encoding into chunks of UTF-8 without a byte order mark.
 * @throws BadUtf8 in UTF-8, also for a NUL, which no text has; AssayError data-invalid in the others
 */
export async function* toUtf8(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<Uint8Array> {
  if (encoding === "utf-8") {
    yield* checkedUtf8(chunks);
    return;
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  let line = 1;
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw dataError(
        file,
        { line },
        `on or after this line the bytes are not valid ${encoding.toUpperCase()}; save the file as UTF-8`,
        cause,
      );
    }
  };
  for await (const chunk of chunks) {
    const bytes = encoder.encode(decode(chunk));
    const zero = bytes.indexOf(0);
    if (zero >= 0) {
      throw dataError(
        file,
        { line: line + countLines(bytes, zero) },
        "a NUL character, which no text has; save the file as UTF-8 text",
      );
    }
    line += countLines(bytes, bytes.length);
    if (bytes.length > 0) yield bytes;
  }
  const rest = encoder.encode(decode());
  if (rest.length > 0) yield rest;
}

async function* checkedUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let offset = 0;
  /** The start of a character that the chunk before ended in. */
  let rest: Uint8Array = new Uint8Array(0);
  let first = true;
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (rest.length > 0) {
      bytes = new Uint8Array(rest.length + chunk.length);
      bytes.set(rest);
      bytes.set(chunk, rest.length);
    }
    if (first && bytes.length < 3) {
      rest = bytes.slice();
      continue;
    }
    const skip = first && hasBom(bytes) ? 3 : 0;
    first = false;
    const valid = validText(bytes, skip, bytes.length);
    if (valid < bytes.length && !isCutCharacter(bytes, valid)) {
      throw new BadUtf8(offset + valid, bytes[valid] ?? 0);
    }
    if (valid > skip) yield bytes.subarray(skip, valid);
    rest = bytes.slice(valid);
    offset += valid;
  }
  if (rest.length === 0) return;
  const skip = first && hasBom(rest) ? 3 : 0;
  const valid = validText(rest, skip, rest.length);
  if (valid < rest.length) throw new BadUtf8(offset + valid, rest[valid] ?? 0);
  if (valid > skip) yield rest.subarray(skip, valid);
}

function hasBom(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function countLines(bytes: Uint8Array, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < end; at = bytes.indexOf(0x0a, at + 1)) lines++;
  return lines;
}

/** The end of the longest valid UTF-8 without NUL from `start` (RFC 3629: no overlong forms, no surrogates). */
export function validText(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    // Eight ASCII bytes at once: none has its high bit set, and none is zero.
    while (at + 8 <= end) {
      const a = bytes[at] ?? 0;
      const b = bytes[at + 1] ?? 0;
      const c = bytes[at + 2] ?? 0;
      const d = bytes[at + 3] ?? 0;
      const e = bytes[at + 4] ?? 0;
      const f = bytes[at + 5] ?? 0;
      const g = bytes[at + 6] ?? 0;
      const h = bytes[at + 7] ?? 0;
      // A byte less one has its high bit set (as a 32-bit number) only if the byte is zero.
      const zero = (a - 1) | (b - 1) | (c - 1) | (d - 1) | (e - 1) | (f - 1) | (g - 1) | (h - 1);
      if (zero < 0 || (a | b | c | d | e | f | g | h) >= 0x80) break;
      at += 8;
    }
    if (at >= end) return at;
    const lead = bytes[at] ?? 0;
    if (lead === 0) return at;
    if (lead < 0x80) {
      at++;
      continue;
    }
    const length = characterLength(lead);
    if (length === 0 || at + length > end) return at;
    const second = bytes[at + 1] ?? 0;
    if (second < secondLow(lead) || second > secondHigh(lead)) return at;
    for (let index = 2; index < length; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return at;
    at += length;
  }
  return at;
}

/** True if the bytes from `at` are the valid start of a character that the end cuts off. */
function isCutCharacter(bytes: Uint8Array, at: number): boolean {
  const lead = bytes[at] ?? 0;
  const length = characterLength(lead);
  const left = bytes.length - at;
  if (length <= left) return false;
  if (left > 1) {
    const second = bytes[at + 1] ?? 0;
    if (second < secondLow(lead) || second > secondHigh(lead)) return false;
  }
  return left < 3 || ((bytes[at + 2] ?? 0) & 0xc0) === 0x80;
}

function characterLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

function secondLow(lead: number): number {
  return lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
}

function secondHigh(lead: number): number {
  return lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
}

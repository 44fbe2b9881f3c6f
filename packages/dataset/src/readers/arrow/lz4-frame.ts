/**
 * Undoes the LZ4 frame format, in which Arrow and Feather files are compressed by default.
 * Source: LZ4 Frame Format Description 1.6.x and LZ4 Block Format Description (github.com/lz4/lz4, doc/). Checksums are
 * not verified: the file has its own digest, and every length is checked.
 * @throws Error for a frame that is damaged, uses a dictionary, or holds more than `mostBytes`
 */
export function lz4Decompress(frame: Uint8Array, mostBytes = 2 ** 30): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  let out = new Uint8Array(frame.length * 4);
  let written = 0;
  const reserve = (more: number): void => {
    const needed = written + more;
    if (needed > mostBytes) throw new Error(`LZ4: more than ${mostBytes} bytes`);
    if (needed <= out.length) return;
    const grown = new Uint8Array(Math.max(needed, Math.min(mostBytes, out.length * 2)));
    grown.set(out.subarray(0, written));
    out = grown;
  };
  let at = 0;
  while (at < frame.length) {
    const magic = word(view, at);
    // Skippable frames carry nothing of the data.
    if (magic >>> 4 === 0x184d2a5) {
      at += 8 + word(view, at + 4);
      continue;
    }
    if (magic !== 0x184d2204) throw new Error("LZ4: no frame begins here");
    const flags = frame[at + 4] ?? 0;
    if (flags >> 6 !== 1) throw new Error("LZ4: unknown version");
    if (flags & 1) throw new Error("LZ4: the frame needs a dictionary");
    const blockBytes = blockSizes[((frame[at + 5] ?? 0) >> 4) & 7];
    if (blockBytes === undefined) throw new Error("LZ4: unknown block size");
    at += 7 + (flags & 8 ? 8 : 0);
    for (;;) {
      const header = word(view, at);
      at += 4;
      if (header === 0) break;
      const length = header & 0x7fffffff;
      const end = at + length;
      if (end > frame.length) throw new Error("LZ4: the frame is cut short");
      if (header >>> 31) {
        reserve(length);
        out.set(frame.subarray(at, end), written);
        written += length;
      } else {
        reserve(blockBytes);
        written = decompressBlock(frame, at, end, out, written);
      }
      at = end + (flags & 16 ? 4 : 0);
    }
    if (flags & 4) at += 4;
  }
  return out.subarray(0, written);
}

/** Bytes of a block at most, by its number in the frame's descriptor. */
const blockSizes: readonly (number | undefined)[] = [
  undefined,
  undefined,
  undefined,
  undefined,
  1 << 16,
  1 << 18,
  1 << 20,
  1 << 22,
];

/** Sequences of literals and matches; a match may reach back into earlier blocks. */
function decompressBlock(from: Uint8Array, start: number, end: number, out: Uint8Array, written: number): number {
  let at = start;
  let to = written;
  const extended = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (;;) {
      if (at >= end) throw new Error("LZ4: a block is cut short");
      const byte = from[at++] ?? 0;
      length += byte;
      if (byte !== 255) return length;
    }
  };
  while (at < end) {
    const token = from[at++] ?? 0;
    const literals = extended(token >> 4);
    if (at + literals > end || to + literals > out.length) throw new Error("LZ4: literals reach past the end");
    out.set(from.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence has no match.
    if (at === end) return to;
    if (at + 2 > end) throw new Error("LZ4: a block is cut short");
    const offset = (from[at] ?? 0) | ((from[at + 1] ?? 0) << 8);
    at += 2;
    const length = extended(token & 15) + 4;
    if (offset === 0 || offset > to || to + length > out.length) throw new Error("LZ4: a match reaches past the data");
    // Byte by byte: a match may overlap what it makes.
    for (let index = 0; index < length; index++, to++) out[to] = out[to - offset] ?? 0;
  }
  return to;
}

function word(view: DataView, at: number): number {
  if (at + 4 > view.byteLength) throw new Error("LZ4: the frame is cut short");
  return view.getUint32(at, true);
}

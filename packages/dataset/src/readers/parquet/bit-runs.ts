/** Widest values that are unpacked here. */
export const mostBits = 24;

/**
 * Reads `count` values of `width` bits from Parquet's hybrid of runs and bit-packed groups into `into`.
 * @param width 1 to 24
 * @returns false where the bytes end before the values do
 */
export function readBitRuns(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: number,
  into: Uint8Array | Uint32Array,
  count: number,
): boolean {
  const mask = 2 ** width - 1;
  const valueBytes = (width + 7) >> 3;
  let at = start;
  let seen = 0;
  while (seen < count) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) return false;
      const byte = bytes[at++] ?? 0;
      header |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    header >>>= 0;
    if ((header & 1) === 0) {
      let value = 0;
      for (let place = 0; place < valueBytes; place++) value |= (bytes[at++] ?? 0) << (place << 3);
      if (at > end) return false;
      const stop = Math.min(count, seen + (header >>> 1));
      if (stop === seen) return false;
      into.fill(value, seen, stop);
      seen = stop;
      continue;
    }
    const groups = header >>> 1;
    if (groups === 0) return false;
    const next = at + groups * width;
    const stop = Math.min(count, seen + groups * 8);
    // Writers may leave out the padding of the last group, not the values.
    if (at + Math.ceil(((stop - seen) * width) / 8) > end) return false;
    let held = 0;
    let bits = 0;
    for (; seen < stop; seen++) {
      while (bits < width) {
        held |= (bytes[at++] ?? 0) << bits;
        bits += 8;
      }
      into[seen] = held & mask;
      held >>>= width;
      bits -= width;
    }
    at = next;
  }
  return true;
}

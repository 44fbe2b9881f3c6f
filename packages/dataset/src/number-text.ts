const pattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const powersOfTen = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/**
 * The number a text stands for: optional sign, decimal digits with a point, optional exponent. NaN for everything
 * else, among them `inf`, `nan`, `0x10`, `1,5` and what overflows a double.
 */
export function parseNumber(text: string): number {
  if (!pattern.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** `parseNumber` of the ASCII bytes [start, end), to the same bit. */
export function parseNumberBytes(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const sign = bytes[at];
  if (sign === 0x2d || sign === 0x2b) at++;
  let mantissa = 0;
  let digits = 0;
  let scale = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    mantissa = mantissa * 10 + digit;
    digits++;
  }
  if (at < end && bytes[at] === 0x2e) {
    for (at++; at < end; at++) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      mantissa = mantissa * 10 + digit;
      digits++;
      scale++;
    }
  }
  // Up to 15 digits both mantissa and power of ten are exact doubles, so that one division rounds correctly (Clinger 1990).
  if (at === end && digits > 0 && digits <= 15) {
    const value = scale === 0 ? mantissa : mantissa / (powersOfTen[scale] ?? 1);
    return sign === 0x2d ? -value : value;
  }
  if (end - start > 400) return parseNumber(new TextDecoder().decode(bytes.slice(start, end)));
  let text = "";
  for (let index = start; index < end; index++) text += String.fromCharCode(bytes[index] ?? 0);
  return parseNumber(text);
}

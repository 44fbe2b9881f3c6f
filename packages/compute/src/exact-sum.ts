import { AssayError } from "@assay/schema";

/**
 * A finite sum of doubles (or of their squares), without any rounding, as text: `0`, or an odd integer in hexadecimal,
 * `p`, and the power of two it is multiplied by: `3p-1` is 1.5, `-1p10` is −1024. A value has one text only, so equal
 * sums are equal strings, in whatever order and on whatever shards they were added.
 */
export type ExactSum = string;

const pattern = /^(?:0|(-?)([0-9a-f]+)p(-?[0-9]+))$/;

/** The exact value of a finite double. */
export function exactFromNumber(value: number): ExactSum {
  if (!Number.isFinite(value)) throw new AssayError("data-invalid", `exactFromNumber: ${value} has no exact value`);
  doubles[0] = value;
  const bits = integers[0] ?? 0n;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  return exactFromInteger(value < 0 ? -mantissa : mantissa, Math.max(exponent, 1) - 1075);
}

/** integer · 2^exponent. */
export function exactFromInteger(integer: bigint, exponent: number): ExactSum {
  if (integer === 0n) return "0";
  const sign = integer < 0n ? "-" : "";
  const magnitude = integer < 0n ? -integer : integer;
  const text = magnitude.toString(16);
  let length = text.length;
  while (text[length - 1] === "0") length--;
  const zeros = 4 * (text.length - length);
  const last = Number.parseInt(text[length - 1] ?? "1", 16);
  const rest = 31 - Math.clz32(last & -last);
  const digits = rest === 0 ? text.slice(0, length) : (magnitude >> BigInt(zeros + rest)).toString(16);
  return `${sign}${digits}p${exponent + zeros + rest}`;
}

export function addExact(a: ExactSum, b: ExactSum): ExactSum {
  const left = exactParts(a);
  const right = exactParts(b);
  if (left.integer === 0n) return b;
  if (right.integer === 0n) return a;
  const exponent = Math.min(left.exponent, right.exponent);
  return exactFromInteger(
    (left.integer << BigInt(left.exponent - exponent)) + (right.integer << BigInt(right.exponent - exponent)),
    exponent,
  );
}

/** The double nearest to it, ties to even; ±Infinity beyond the doubles (a sum of squares can get there). */
export function exactToNumber(sum: ExactSum): number {
  const { integer, exponent } = exactParts(sum);
  if (integer === 0n) return 0;
  const magnitude = integer < 0n ? -integer : integer;
  const text = magnitude.toString(16);
  const length = 4 * text.length - (Math.clz32(Number.parseInt(text[0] ?? "1", 16)) - 28);
  const top = length - 1 + exponent;
  const sign = integer < 0n ? -1 : 1;
  if (top > 1023) return sign * Number.POSITIVE_INFINITY;
  const unit = Math.max(top - 52, -1074);
  const rounded = Number(round(magnitude, unit - exponent));
  // Every step is exact: the product is a double by the choice of the unit.
  return sign * (unit < -1022 ? rounded * powerOfTwo(unit + 64) * powerOfTwo(-64) : rounded * powerOfTwo(unit));
}

/** magnitude / 2^shift to the nearest integer, ties to even. */
function round(magnitude: bigint, shift: number): bigint {
  if (shift <= 0) return magnitude << BigInt(-shift);
  const bits = BigInt(shift);
  const floor = magnitude >> bits;
  const twice = (magnitude - (floor << bits)) << 1n;
  const one = 1n << bits;
  return twice > one || (twice === one && (floor & 1n) === 1n) ? floor + 1n : floor;
}

/** The sum as integer · 2^exponent; 0 has the exponent 0. */
export function exactParts(sum: ExactSum): { integer: bigint; exponent: number } {
  const match = pattern.exec(sum);
  if (!match) throw new AssayError("internal", `exact sum: "${sum}" is none`);
  const [, sign, digits, exponent] = match;
  if (digits === undefined) return { integer: 0n, exponent: 0 };
  const magnitude = BigInt(`0x${digits}`);
  return { integer: sign ? -magnitude : magnitude, exponent: Number(exponent) };
}

const doubles = new Float64Array(1);
const integers = new BigInt64Array(doubles.buffer);

/** 2^n for −1022 ≤ n ≤ 1023, by its bits: engines may round `**`. */
function powerOfTwo(n: number): number {
  integers[0] = BigInt(n + 1023) << 52n;
  return doubles[0] ?? 0;
}

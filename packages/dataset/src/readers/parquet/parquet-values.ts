import type { SchemaElement } from "hyparquet";
import { decimalText, isoTime, shortestSingle } from "../../cell-text.ts";
import type { ColumnType } from "../../column-type.ts";

/** A value as a Parquet file holds it, before its type is looked at. */
export type Raw = bigint | boolean | number | string | Uint8Array | null | undefined;

/**
 * How the values of a Parquet column are read, by the same rules as `parquetColumn` has them of DuckDB: as doubles where
 * every value is exactly one, else by their canonical text.
 */
export type ParquetKind =
  | { readonly form: "double"; readonly type: ColumnType; readonly value: (raw: Raw) => number }
  | { readonly form: "text"; readonly type: ColumnType; readonly text: (raw: Raw) => string };

/** Whole numbers of 64 bits: doubles where all fit, else texts. */
export const wide = { form: "text", type: "integer", text: String } as const satisfies ParquetKind;

/** Null for what has no text here: lists, structs, maps. */
export function parquetKind(element: SchemaElement): ParquetKind | null {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (type === undefined) return null;
  if (converted === "DECIMAL" || logical?.type === "DECIMAL") return decimal(element);
  if (converted === "DATE" || logical?.type === "DATE") {
    return { form: "text", type: "date", text: (raw) => isoTime(BigInt(Number(raw)) * 86_400n, 0).slice(0, 10) };
  }
  if (logical?.type === "TIMESTAMP") {
    const digits = { MILLIS: 3, MICROS: 6, NANOS: 9 }[logical.unit];
    const zone = logical.isAdjustedToUTC;
    // Times with a zone are held to microseconds.
    const cut = zone && digits === 9;
    return {
      form: "text",
      type: "date",
      text: (raw) =>
        `${cut ? isoTime(floorDivide(BigInt(raw as bigint), 1000n), 6) : isoTime(BigInt(raw as bigint), digits)}${zone ? "Z" : ""}`,
    };
  }
  if (converted === "TIMESTAMP_MILLIS" || converted === "TIMESTAMP_MICROS") {
    const digits = converted === "TIMESTAMP_MILLIS" ? 3 : 6;
    return { form: "text", type: "date", text: (raw) => isoTime(BigInt(raw as bigint), digits) };
  }
  if (logical?.type === "TIME" || converted === "TIME_MILLIS" || converted === "TIME_MICROS") {
    const unit = logical?.type === "TIME" ? logical.unit : converted === "TIME_MILLIS" ? "MILLIS" : "MICROS";
    const digits = { MILLIS: 3, MICROS: 6, NANOS: 9 }[unit];
    return { form: "text", type: "text", text: (raw) => isoTime(BigInt(raw as bigint), digits).slice(11) };
  }
  switch (type) {
    case "BOOLEAN":
      return { form: "text", type: "boolean", text: (raw) => (raw ? "true" : "false") };
    case "INT32": {
      const unsigned =
        converted === "UINT_32" || (logical?.type === "INTEGER" && logical.bitWidth === 32 && !logical.isSigned);
      return { form: "double", type: "integer", value: unsigned ? (raw) => Number(raw) >>> 0 : Number };
    }
    case "INT64":
      return { form: "double", type: "integer", value: Number };
    case "INT96":
      return { form: "text", type: "date", text: (raw) => isoTime(floorDivide(nanosOfInt96(raw as bigint), 1000n), 6) };
    case "FLOAT":
      return { form: "double", type: "number", value: (raw) => shortestSingle(Number(raw)) };
    case "DOUBLE":
      return { form: "double", type: "number", value: Number };
    default:
      break;
  }
  if (logical?.type === "FLOAT16")
    return { form: "double", type: "number", value: (raw) => shortestSingle(half(raw as Uint8Array)) };
  if (logical?.type === "UUID") return { form: "text", type: "text", text: (raw) => uuid(raw as Uint8Array) };
  const isText =
    converted === "UTF8" ||
    converted === "ENUM" ||
    converted === "JSON" ||
    (logical !== undefined && ["ENUM", "JSON", "STRING"].includes(logical.type));
  if (type === "BYTE_ARRAY" && isText)
    return { form: "text", type: "text", text: (raw) => (typeof raw === "string" ? raw : utf8(raw as Uint8Array)) };
  return { form: "text", type: "text", text: (raw) => blobText(raw as Uint8Array) };
}

/** Whether a column of 64-bit integers may hold what no double does. */
export function isWideCandidate({ type }: SchemaElement, kind: ParquetKind): boolean {
  return type === "INT64" && kind.form === "double";
}

/** Takes a column's type away where the library would make of the value what is not exactly it. */
export function untyped(element: SchemaElement): SchemaElement {
  const { converted_type: converted, logical_type: logical, ...plain } = element;
  const isUnsigned64 =
    converted === "UINT_64" || (logical?.type === "INTEGER" && logical.bitWidth === 64 && !logical.isSigned);
  const isString =
    converted === "UTF8" || logical?.type === "STRING" || converted === "ENUM" || logical?.type === "ENUM";
  return {
    ...plain,
    ...(isUnsigned64 ? { converted_type: "UINT_64" as const } : {}),
    ...(isString ? { converted_type: "UTF8" as const } : {}),
  };
}

function decimal(element: SchemaElement): ParquetKind {
  const logical = element.logical_type;
  const scale = (logical?.type === "DECIMAL" ? logical.scale : element.scale) ?? 0;
  const precision = (logical?.type === "DECIMAL" ? logical.precision : element.precision) ?? 18;
  const type = scale === 0 ? "integer" : "number";
  const whole = (raw: Raw): bigint => (raw instanceof Uint8Array ? bigEndian(raw) : BigInt(raw as bigint | number));
  if (precision <= 15) {
    const factor = 10 ** scale;
    return { form: "double", type, value: (raw) => Number(whole(raw)) / factor };
  }
  return { form: "text", type, text: (raw) => decimalText(whole(raw), scale) };
}

function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

/** Low 64 bits: nanoseconds of the day; high 32: Julian day. */
function nanosOfInt96(value: bigint): bigint {
  return ((value >> 64n) - 2_440_588n) * 86_400_000_000_000n + (value & 0xffff_ffff_ffff_ffffn);
}

function floorDivide(value: bigint, by: bigint): bigint {
  return (value - (((value % by) + by) % by)) / by;
}

function half(bytes: Uint8Array): number {
  const bits = ((bytes[1] ?? 0) << 8) | (bytes[0] ?? 0);
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

function uuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const decoder = new TextDecoder();

function utf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Bytes as DuckDB writes them: printable ASCII as it is, the rest as `\xAB`. */
function blobText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    const plain = byte >= 32 && byte <= 126 && byte !== 0x5c && byte !== 0x27 && byte !== 0x22;
    text += plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}

import type * as arrow from "apache-arrow";
import { decimalText, isoTime, shortestSingle } from "../../cell-text.ts";
import type { ColumnType } from "../../column-type.ts";
import { numberText } from "../../value-codes.ts";

/** A value as it is coded: numbers and wide integers by value, everything else by its canonical text. */
export type Cell = number | bigint | string;

/** How an Arrow column's values are read. */
export interface ArrowColumn {
  readonly type: ColumnType;
  /** The value of a row of one batch; null where missing. */
  readonly cells: (vector: arrow.Vector) => (row: number) => Cell | null;
}

export function cellText(cell: Cell): string {
  return typeof cell === "number" ? numberText(cell) : String(cell);
}

export function cellNumber(cell: Cell): number {
  const value = Number(cell);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** `Type` is passed in, since the library is loaded only where an Arrow file is read. */
export function arrowColumn(type: arrow.DataType, Type: typeof arrow.Type): ArrowColumn {
  switch (type.typeId) {
    case Type.Dictionary:
      return arrowColumn((type as arrow.Dictionary).dictionary, Type);
    case Type.Null:
      return { type: "text", cells: () => () => null };
    case Type.Int:
      return { type: "integer", cells: plain };
    case Type.Float: {
      const single = (type as arrow.Float).precision !== 2;
      return {
        type: "number",
        cells: (vector) => (row) => {
          const value: unknown = vector.get(row);
          if (typeof value !== "number" || Number.isNaN(value)) return null;
          return single ? shortestSingle(value) : value;
        },
      };
    }
    case Type.Bool:
      return { type: "boolean", cells: texts((value) => (value ? "true" : "false")) };
    case Type.Decimal: {
      const { scale } = type as arrow.Decimal;
      return {
        type: scale > 0 ? "number" : "integer",
        cells: texts((value) => wordsText(value as Uint32Array, scale)),
      };
    }
    case Type.Date:
      return { type: "date", cells: texts((value) => isoTime(BigInt(Number(value)), 3).slice(0, 10)) };
    case Type.Timestamp: {
      const { unit, timezone } = type as arrow.Timestamp;
      return { type: "date", cells: raw((value) => `${isoTime(value, unit * 3)}${timezone ? "Z" : ""}`) };
    }
    case Type.Time: {
      const { unit } = type as arrow.Time;
      return { type: "text", cells: raw((value) => isoTime(value, unit * 3).slice(11)) };
    }
    case Type.Utf8:
    case Type.LargeUtf8:
      return { type: "text", cells: plain };
    default:
      return { type: "text", cells: texts((value) => JSON.stringify(value) ?? "") };
  }
}

function plain(vector: arrow.Vector): (row: number) => Cell | null {
  return (row) => vector.get(row) as Cell | null;
}

function texts(text: (value: unknown) => string): ArrowColumn["cells"] {
  return (vector) => (row) => {
    const value: unknown = vector.get(row);
    return value === null || value === undefined ? null : text(value);
  };
}

/** From the stored integer: the library's own getter rounds timestamps to milliseconds. */
function raw(text: (value: bigint) => string): ArrowColumn["cells"] {
  return (vector) => {
    const chunks = vector.data.map((data) => ({
      length: data.length,
      values: data.values as ArrayLike<number | bigint>,
    }));
    return (row) => {
      if (!vector.isValid(row)) return null;
      let index = row;
      for (const { length, values } of chunks) {
        if (index < length) return text(BigInt(values[index] ?? 0));
        index -= length;
      }
      return null;
    };
  };
}

/** Two's complement of four or eight little-endian words, with `scale` digits after the point. */
function wordsText(words: Uint32Array, scale: number): string {
  let value = 0n;
  for (let index = words.length - 1; index >= 0; index--) value = (value << 32n) | BigInt(words[index] ?? 0);
  return decimalText(BigInt.asIntN(words.length * 32, value), scale);
}

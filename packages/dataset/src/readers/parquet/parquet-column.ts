import type { ColumnType } from "../../column-type.ts";
import { parseNumber } from "../../number-text.ts";
import { identifier, literal } from "./duck-session.ts";

/**
 * How a Parquet column is asked for in SQL.
 *
 * `double`: every value is exactly a double, so that doubles cross over and their texts are made here.
 * `text`: the canonical text is made by SQL; `number` then casts it where the column is numeric.
 */
export interface ParquetColumn {
  readonly form: "double" | "text";
  readonly type: ColumnType;
  /** DOUBLE, NULL where missing; null for columns that hold no numbers. */
  readonly number: string | null;
  /** VARCHAR, NULL where missing; null in the form `double`. */
  readonly text: string | null;
  /** BOOLEAN: whether the value is missing. */
  readonly missing: string;
}

/** `wide`: a BIGINT column with values beyond ±2^53, which doubles cannot hold. */
export function parquetColumn(
  name: string,
  sqlType: string,
  wide: boolean,
  missingTexts: readonly string[],
): ParquetColumn {
  const column = identifier(name);
  const base = sqlType.replace(/\(.*$/, "");
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(sqlType);
  if (/^(U?(TINY|SMALL)INT|U?INTEGER)$/.test(base) || (/^U?BIGINT$/.test(base) && !wide)) {
    return double(`${column}::DOUBLE`, "integer", missingTexts);
  }
  if (base === "DOUBLE") return double(column, "number", missingTexts);
  // The double that prints like the float: 0.1, not 0.10000000149011612.
  if (base === "FLOAT") return double(`${column}::VARCHAR::DOUBLE`, "number", missingTexts);
  if (decimal) {
    const type = decimal[2] === "0" ? "integer" : "number";
    if (Number(decimal[1]) <= 15) return double(`${column}::DOUBLE`, type, missingTexts);
    const digits = `${column}::VARCHAR`;
    const trimmed = type === "integer" ? digits : `rtrim(rtrim(${digits}, '0'), '.')`;
    return text(trimmed, type, `${column}::DOUBLE`, missingTexts);
  }
  if (/^U?(BIG|HUGE)INT$/.test(base)) return text(`${column}::VARCHAR`, "integer", `${column}::DOUBLE`, missingTexts);
  if (base === "BOOLEAN") return text(`${column}::VARCHAR`, "boolean", null, missingTexts);
  if (base === "DATE") return text(`${column}::VARCHAR`, "date", null, missingTexts);
  if (base === "TIMESTAMP WITH TIME ZONE") {
    // By the UTC clock whatever the session's zone.
    return text(`replace(make_timestamp(epoch_us(${column}))::VARCHAR, ' ', 'T') || 'Z'`, "date", null, missingTexts);
  }
  if (/^TIMESTAMP(_S|_MS|_NS)?$/.test(base)) {
    return text(`replace(${column}::VARCHAR, ' ', 'T')`, "date", null, missingTexts);
  }
  return text(base === "VARCHAR" && sqlType === "VARCHAR" ? column : `${column}::VARCHAR`, "text", null, missingTexts);
}

function double(value: string, type: ColumnType, missingTexts: readonly string[]): ParquetColumn {
  const numbers = missingTexts.map(parseNumber).filter((number, index) => String(number) === missingTexts[index]);
  const listed =
    numbers.length === 0 ? "" : ` OR ${value} IN (${numbers.map((number) => `${number}::DOUBLE`).join(", ")})`;
  const missing = `(${value} IS NULL OR isnan(${value})${listed})`;
  return { form: "double", type, number: `CASE WHEN ${missing} THEN NULL ELSE ${value} END`, text: null, missing };
}

function text(value: string, type: ColumnType, number: string | null, missingTexts: readonly string[]): ParquetColumn {
  const listed = missingTexts.length === 0 ? "" : ` OR ${value} IN (${missingTexts.map(literal).join(", ")})`;
  const missing = `(${value} IS NULL${listed})`;
  return {
    form: "text",
    type,
    number: number === null ? null : `CASE WHEN ${missing} THEN NULL ELSE ${number} END`,
    text: `CASE WHEN ${missing} THEN NULL ELSE ${value} END`,
    missing,
  };
}

import type { ReportColumn } from "@assay/schema";
import { parseNumberBytes } from "./number-text.ts";

export type ColumnType = ReportColumn["type"];

/*
 * The rule by which a text column gets its type: every value that is not missing must fit.
 *
 *   integer   optional sign and digits, no leading zero (`01234` is a code, not a number)
 *   number    decimal digits with an optional point and exponent, no leading zero before another digit, finite
 *   boolean   true or false, in any case (`yes`, `0`, `T` are not)
 *   date      YYYY-MM-DD or YYYY/MM/DD of the calendar, optionally a time hh:mm[:ss[.f]] after `T` or a blank, and a zone
 *   text      everything else; a column with no values at all is text
 */
const integerBit = 1;
const numberBit = 2;
const booleanBit = 4;
const dateBit = 8;
const everyBit = integerBit | numberBit | booleanBit | dateBit;

/** Narrows the types a column can have, value by value. */
export class TypeGuess {
  #fits = everyBit;
  #seen = false;

  /** Takes a value in; false at the first value after which the column is no longer numeric. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    this.#seen = true;
    if (this.#fits === 0) return true;
    const before = this.#fits & numberBit;
    this.#fits &= typesOf(bytes, start, end);
    return before === (this.#fits & numberBit);
  }

  /** Takes in a value that its format calls a text: `"1"` in JSON is no number. A date it may be. */
  addText(bytes: Uint8Array, start: number, end: number): boolean {
    this.#seen = true;
    const before = this.#fits & numberBit;
    this.#fits &= typesOf(bytes, start, end) & dateBit;
    return before === 0;
  }

  get type(): ColumnType {
    if (!this.#seen || this.#fits === 0) return "text";
    if (this.#fits & integerBit) return "integer";
    if (this.#fits & numberBit) return "number";
    return this.#fits & booleanBit ? "boolean" : "date";
  }
}

const encoder = new TextEncoder();

/** The type of a column of texts; null is missing. */
export function typeOfTexts(texts: Iterable<string | null>): ColumnType {
  const guess = new TypeGuess();
  for (const text of texts) {
    if (text === null) continue;
    const bytes = encoder.encode(text);
    guess.add(bytes, 0, bytes.length);
  }
  return guess.type;
}

function typesOf(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let byte = bytes[at] ?? 0;
  if (byte === 0x2b || byte === 0x2d) byte = bytes[++at] ?? 0;
  const first = at;
  while (at < end && byte >= 0x30 && byte <= 0x39) byte = bytes[++at] ?? 0;
  const digits = at - first;
  if (at === end) {
    if (digits === 0 || (digits > 1 && bytes[first] === 0x30)) return 0;
    return digits <= 300 || !Number.isNaN(parseNumberBytes(bytes, start, end)) ? integerBit | numberBit : 0;
  }
  if (digits === 4 && first === start && (byte === 0x2d || byte === 0x2f)) {
    return isDate(bytes, start, end) ? dateBit : 0;
  }
  if (digits > 1 && bytes[first] === 0x30) return 0;
  if (byte === 0x2e || byte === 0x65 || byte === 0x45) {
    return Number.isNaN(parseNumberBytes(bytes, start, end)) ? 0 : numberBit;
  }
  return isBoolean(bytes, start, end) ? booleanBit : 0;
}

function isBoolean(bytes: Uint8Array, start: number, end: number): boolean {
  const word = end - start === 4 ? "true" : end - start === 5 ? "false" : null;
  if (word === null) return false;
  for (let index = 0; index < word.length; index++) {
    if (((bytes[start + index] ?? 0) | 0x20) !== word.charCodeAt(index)) return false;
  }
  return true;
}

const datePattern =
  /^(\d{4})([-/])(\d{2})\2(\d{2})(?:[T ]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

function isDate(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 40) return false;
  let text = "";
  for (let index = start; index < end; index++) text += String.fromCharCode(bytes[index] ?? 0);
  const match = datePattern.exec(text);
  if (!match) return false;
  const year = Number(match[1]);
  const month = Number(match[3]);
  const day = Number(match[4]);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

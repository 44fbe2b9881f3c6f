import { CodeColumn } from "../../code-column.ts";
import { profileColumn, profileNumbers } from "../../column-profile.ts";
import { parseNumber } from "../../number-text.ts";
import { sharedNumbers } from "../../shared-memory.ts";
import { type ColumnNeed, profileLimit, type RawColumn, type SourceColumn } from "../../source.ts";
import type { ColumnProfile } from "../../table.ts";
import { numberText, ValueCodes } from "../../value-codes.ts";
import type { FlatPage } from "./flat-chunk.ts";
import type { ParquetKind, Raw } from "./parquet-values.ts";

/** A column of a Parquet file decoded once: doubles as they are, texts by code. */
export type HeldColumn =
  | { readonly form: "double"; readonly values: Float64Array; readonly missing: number; readonly infinite: boolean }
  | { readonly form: "text"; readonly coded: NonNullable<RawColumn["coded"]>; readonly missing: number };

export interface HoldOptions {
  readonly file: string;
  readonly name: string;
  readonly rows: number;
  readonly memoryBytes: number;
  readonly missing: readonly string[];
}

/** Takes a column's values in, row group by row group. */
export interface Holder {
  take(values: ArrayLike<Raw>, base: number): void;
  /** The same of a page as it lies in the file; false where a whole number is met that no double holds. */
  takePage(page: FlatPage, base: number): boolean;
  finish(): HeldColumn;
}

/** @param watchWide whether a whole number may be met that no double holds */
export function holder(kind: ParquetKind, options: HoldOptions, watchWide = false): Holder {
  return kind.form === "double" ? doubles(kind.value, options, watchWide) : texts(kind.text, options);
}

function doubles(numberOf: (raw: Raw) => number, { rows, missing }: HoldOptions, watchWide: boolean): Holder {
  const listed = new Set(missing.map(parseNumber).filter((value) => missing.includes(String(value))));
  const held = new Float64Array(rows);
  let lacking = 0;
  let infinite = false;
  let known: { readonly dictionary: ArrayLike<Raw>; readonly values: Float64Array; readonly wide: Uint8Array } | null =
    null;
  const numberIn = (raw: Raw): number => {
    const value = raw === null || raw === undefined ? Number.NaN : numberOf(raw);
    return listed.has(value) ? Number.NaN : value;
  };
  const numbersOf = ({ values }: FlatPage): ArrayLike<number> | null => {
    switch (values.form) {
      case "codes": {
        const { dictionary, codes } = values;
        if (known?.dictionary !== dictionary) {
          known = {
            dictionary,
            values: Float64Array.from(dictionary, numberIn),
            wide: Uint8Array.from(dictionary, (raw) => (watchWide && isWide(raw) ? 1 : 0)),
          };
        }
        const found = new Float64Array(codes.length);
        for (let row = 0; row < codes.length; row++) {
          const code = codes[row] ?? 0;
          if (known.wide[code] === 1) return null;
          found[row] = known.values[code] ?? Number.NaN;
        }
        return found;
      }
      case "numbers":
        return numberOf === Number && listed.size === 0
          ? values.numbers
          : Float64Array.from(values.numbers, (raw) => numberIn(raw));
      case "words": {
        const { words } = values;
        const found = new Float64Array(words.length / 2);
        for (let row = 0; row < found.length; row++) {
          const low = (words[2 * row] ?? 0) >>> 0;
          const high = words[2 * row + 1] ?? 0;
          if (high > 0x1fffff || high < -0x200000 || (high === -0x200000 && low === 0)) {
            if (watchWide) return null;
            found[row] = numberIn(bigintOf(high, low));
          } else {
            const value = high * 2 ** 32 + low;
            found[row] = numberOf === Number && listed.size === 0 ? value : numberIn(value);
          }
        }
        return found;
      }
    }
  };
  return {
    take(values, base) {
      for (let row = 0; row < values.length; row++) {
        const value = numberIn(values[row]);
        if (Number.isNaN(value)) lacking++;
        else if (!Number.isFinite(value)) infinite = true;
        held[base + row] = value;
      }
    },
    takePage(page, base) {
      const numbers = numbersOf(page);
      if (numbers === null) return false;
      const { present, rows: count } = page;
      if (present === null) {
        held.set(numbers, base);
        for (let row = 0; row < count; row++) {
          const value = numbers[row] ?? Number.NaN;
          // Neither NaN nor an infinity is 0 less itself.
          if (value - value === 0) continue;
          if (Number.isNaN(value)) lacking++;
          else infinite = true;
        }
        return true;
      }
      for (let row = 0, place = 0; row < count; row++) {
        const value = present[row] === 0 ? Number.NaN : (numbers[place++] ?? Number.NaN);
        if (Number.isNaN(value)) lacking++;
        else if (!Number.isFinite(value)) infinite = true;
        held[base + row] = value;
      }
      return true;
    },
    finish: () => ({ form: "double", values: held, missing: lacking, infinite }),
  };
}

function texts(textOf: (raw: Raw) => string, { file, name, rows, memoryBytes, missing }: HoldOptions): Holder {
  const listed = new Set(missing);
  const codes = new CodeColumn(rows);
  const values = new ValueCodes<string>(file, name, memoryBytes);
  let lacking = 0;
  let known: { readonly dictionary: ArrayLike<Raw>; readonly codes: Uint32Array } | null = null;
  const codeOf = (raw: Raw): number => {
    const text = raw === null || raw === undefined ? null : textOf(raw);
    return text === null || listed.has(text) ? 0 : values.code(text);
  };
  const codesOf = (dictionary: ArrayLike<Raw>): Uint32Array => {
    if (known?.dictionary !== dictionary)
      known = { dictionary, codes: new Uint32Array(dictionary.length).fill(unseen) };
    return known.codes;
  };
  /** A value of the dictionary becomes a text where a row first has it: some dictionaries hold values that no row has. */
  const byDictionary = (dictionary: ArrayLike<Raw>, place: number): number => {
    const known = codesOf(dictionary);
    const code = known[place] ?? unseen;
    if (code !== unseen) return code;
    const found = codeOf(dictionary[place]);
    known[place] = found;
    return found;
  };
  return {
    take(list, base) {
      const batch = new Uint32Array(list.length);
      for (let row = 0; row < list.length; row++) {
        const code = codeOf(list[row]);
        if (code === 0) lacking++;
        batch[row] = code;
      }
      codes.put(batch, list.length, base, values.size);
    },
    takePage({ rows: count, present, values: own }, base) {
      const batch = new Uint32Array(count);
      if (own.form === "codes" && present === null) {
        const known = codesOf(own.dictionary);
        for (let row = 0; row < count; row++) {
          const place = own.codes[row] ?? 0;
          let code = known[place] ?? unseen;
          if (code === unseen) code = byDictionary(own.dictionary, place);
          if (code === 0) lacking++;
          batch[row] = code;
        }
        codes.put(batch, count, base, values.size);
        return true;
      }
      for (let row = 0, place = 0; row < count; row++) {
        let code = 0;
        if (present === null || present[row] === 1) {
          if (own.form === "codes") code = byDictionary(own.dictionary, own.codes[place] ?? 0);
          else if (own.form === "numbers") code = codeOf(own.numbers[place]);
          else code = codeOf(bigintOf(own.words[2 * place + 1] ?? 0, own.words[2 * place] ?? 0));
          place++;
        }
        if (code === 0) lacking++;
        batch[row] = code;
      }
      codes.put(batch, count, base, values.size);
      return true;
    },
    finish: () => ({ form: "text", coded: { levels: values.values(), codes: codes.codes }, missing: lacking }),
  };
}

const unseen = 0xffff_ffff;

function bigintOf(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

/** A whole number that no double holds for certain. */
export function isWide(raw: Raw): boolean {
  return typeof raw === "bigint" && (raw > BigInt(Number.MAX_SAFE_INTEGER) || raw < -BigInt(Number.MAX_SAFE_INTEGER));
}

/** The forms of a column that are asked for. */
export function rawColumn(held: HeldColumn, need: ColumnNeed, { file, name, memoryBytes }: HoldOptions): RawColumn {
  if (held.form === "text") {
    const { codes, levels } = held.coded;
    const numbers = need.numbers ? sharedNumbers(codes.length) : null;
    if (numbers !== null) {
      const parsed = levels.map(parseNumber);
      for (let row = 0; row < codes.length; row++) {
        const code = codes[row] ?? 0;
        numbers[row] = code === 0 ? Number.NaN : (parsed[code - 1] ?? Number.NaN);
      }
    }
    return {
      coded: need.texts ? held.coded : null,
      numbers,
      missing: need.missing ? Uint8Array.from(codes, (code) => (code === 0 ? 1 : 0)) : null,
    };
  }
  const { values } = held;
  const numbers = need.numbers ? sharedNumbers(values.length) : null;
  if (numbers !== null) {
    for (let row = 0; row < values.length; row++) {
      const value = values[row] ?? Number.NaN;
      numbers[row] = Number.isFinite(value) ? value : Number.NaN;
    }
  }
  let coded: RawColumn["coded"] = null;
  if (need.texts) {
    const known = new ValueCodes<number>(file, name, memoryBytes);
    const codes = new CodeColumn(values.length);
    const size = 1 << 16;
    const batch = new Uint32Array(size);
    for (let start = 0; start < values.length; start += size) {
      const count = Math.min(size, values.length - start);
      for (let row = 0; row < count; row++) {
        const value = values[start + row] ?? Number.NaN;
        // −0 is 0, as a text and as a group.
        batch[row] = Number.isNaN(value) ? 0 : known.code(value === 0 ? 0 : value);
      }
      codes.put(batch, count, start, known.size);
    }
    coded = { levels: known.values().map(numberText), codes: codes.codes };
  }
  return {
    coded,
    numbers,
    missing: need.missing ? Uint8Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0)) : null,
  };
}

export function heldBytes(held: HeldColumn): number {
  if (held.form === "double") return held.values.byteLength;
  return held.coded.codes.byteLength + held.coded.levels.reduce((sum, level) => sum + 56 + level.length, 0);
}

/** A column's profile from what is held of it. */
export function heldProfile(held: HeldColumn, column: SourceColumn): ColumnProfile {
  if (held.form === "text") {
    const { codes, levels } = held.coded;
    const counts = new Float64Array(levels.length + 1);
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row] ?? 0;
      counts[code] = (counts[code] ?? 0) + 1;
    }
    if (levels.length > profileLimit) return profileColumn(column, null, rangeOf(levels.map(parseNumber)));
    return profileColumn(column, { texts: levels, counts: counts.subarray(1) }, null);
  }
  const counts = countNumbers(held.values);
  if (counts.numbers.length > profileLimit) return profileColumn(column, null, rangeOf(held.values));
  if (held.infinite) return profileColumn(column, { texts: counts.numbers.map(numberText), counts: counts.rows }, null);
  return profileNumbers(column, counts);
}

/** Width of a range of whole numbers up to which each has a place of its own. */
const mostPlaces = 1 << 20;

interface NumberCounts {
  readonly numbers: readonly number[];
  readonly rows: readonly number[];
}

/** Every number that rows have, and how many have it, in no order; no further than past the limit of a profile. */
function countNumbers(values: Float64Array): NumberCounts {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (let row = 0; row < values.length && whole; row++) {
    const value = values[row] ?? Number.NaN;
    if (value < min) min = value;
    if (value > max) max = value;
    whole = value === Math.floor(value) || Number.isNaN(value);
  }
  return whole && min <= max && max - min < mostPlaces ? countPlaces(values, min, max) : countHashed(values);
}

function countPlaces(values: Float64Array, min: number, max: number): NumberCounts {
  const counts = new Float64Array(max - min + 1);
  for (let row = 0; row < values.length; row++) {
    const place = (values[row] ?? Number.NaN) - min;
    if (place >= 0) counts[place] = (counts[place] ?? 0) + 1;
  }
  const numbers: number[] = [];
  const rows: number[] = [];
  for (let place = 0; place < counts.length; place++) {
    const count = counts[place] ?? 0;
    if (count === 0) continue;
    numbers.push(min + place === 0 ? 0 : min + place);
    rows.push(count);
  }
  return { numbers, rows };
}

/** By a table of the doubles' bits, which stops at the first number too many: most columns of measured values have it early. */
function countHashed(values: Float64Array): NumberCounts {
  const one = new Float64Array(1);
  const bits = new Uint32Array(one.buffer);
  const slotOf = (value: number, mask: number): number => {
    one[0] = value;
    const mixed = Math.imul(bits[0] ?? 0, 0x85ebca6b) ^ Math.imul(bits[1] ?? 0, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 15)) & mask;
  };
  const numbers: number[] = [];
  const rows: number[] = [];
  /** Place in `numbers` plus one; 0 is free. */
  let slots = new Uint32Array(1 << 12);
  for (let row = 0; row < values.length; row++) {
    const read = values[row] ?? Number.NaN;
    if (Number.isNaN(read)) continue;
    // −0 is 0.
    const value = read === 0 ? 0 : read;
    const mask = slots.length - 1;
    let slot = slotOf(value, mask);
    for (;;) {
      const place = slots[slot] ?? 0;
      if (place === 0) break;
      if (numbers[place - 1] === value) break;
      slot = (slot + 1) & mask;
    }
    const known = slots[slot] ?? 0;
    if (known !== 0) {
      rows[known - 1] = (rows[known - 1] ?? 0) + 1;
      continue;
    }
    numbers.push(value);
    rows.push(1);
    if (numbers.length > profileLimit) break;
    slots[slot] = numbers.length;
    if (numbers.length * 2 > slots.length) {
      slots = new Uint32Array(slots.length * 4);
      for (const [place, own] of numbers.entries()) {
        let free = slotOf(own, slots.length - 1);
        while (slots[free] !== 0) free = (free + 1) & (slots.length - 1);
        slots[free] = place + 1;
      }
    }
  }
  return { numbers, rows };
}

function rangeOf(values: ArrayLike<number>): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

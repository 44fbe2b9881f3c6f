import { parquetHeader } from "hyparquet/src/column.js";
import { decompressPage } from "hyparquet/src/datapage.js";
import { readPlain } from "hyparquet/src/plain.js";
import type { ColumnMetaData, PageHeader, SchemaElement } from "hyparquet/src/types.js";
import { compressors } from "hyparquet-compressors";
import { mostBits, readBitRuns } from "./bit-runs.ts";
import type { Raw } from "./parquet-values.ts";

/** A page's values as they lie in the file, without an object or a text for each. */
export interface FlatPage {
  readonly rows: number;
  /** 1 where there is a value; null: everywhere. */
  readonly present: Uint8Array | null;
  /** In order, one for each row that has one. */
  readonly values:
    | { readonly form: "codes"; readonly codes: Uint32Array; readonly dictionary: ArrayLike<Raw> }
    | { readonly form: "numbers"; readonly numbers: Float32Array | Float64Array | Int32Array }
    /** Whole numbers of 64 bits, two words each, the lower first. */
    | { readonly form: "words"; readonly words: Int32Array };
}

const plainTypes = ["DOUBLE", "FLOAT", "INT32", "INT64"] as const;
const dictionaryTypes = [...plainTypes, "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY", "INT96"] as const;
const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A column that is neither nested nor repeated, whose values mean the same without the library's conversions. */
export function isFlat(element: SchemaElement): boolean {
  const logical = element.logical_type;
  const unsigned =
    element.converted_type === "UINT_64" ||
    (logical?.type === "INTEGER" && logical.bitWidth === 64 && logical.isSigned === false);
  return (
    little &&
    !unsigned &&
    element.repetition_type !== "REPEATED" &&
    dictionaryTypes.some((type) => type === element.type) &&
    (element.num_children ?? 0) === 0
  );
}

/**
 * Takes the pages of a column chunk apart, in order.
 * @returns false where a page is encoded in another way; `onPage` may have had some before
 */
export function readFlatChunk(
  bytes: Uint8Array<ArrayBuffer>,
  about: ColumnMetaData,
  element: SchemaElement,
  onPage: (page: FlatPage) => void,
): boolean {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  const all = Number(about.num_values);
  let dictionary: ArrayLike<Raw> | null = null;
  let rows = 0;
  while (rows < all) {
    if (reader.offset >= bytes.length) return false;
    const header = parquetHeader(reader);
    const raw = bytes.subarray(reader.offset, reader.offset + header.compressed_page_size);
    reader.offset += header.compressed_page_size;
    if (header.type === "DICTIONARY_PAGE") {
      const page = decompressPage(raw, header.uncompressed_page_size, about.codec, compressors);
      const count = header.dictionary_page_header?.num_values ?? 0;
      const view = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 };
      dictionary = readPlain(view, about.type, count, element.type_length) as ArrayLike<Raw>;
      continue;
    }
    const page = flatPage(raw, header, about, element, dictionary);
    if (page === null) return false;
    onPage(page);
    rows += page.rows;
  }
  return rows === all;
}

function flatPage(
  raw: Uint8Array,
  header: PageHeader,
  about: ColumnMetaData,
  element: SchemaElement,
  dictionary: ArrayLike<Raw> | null,
): FlatPage | null {
  const optional = element.repetition_type === "OPTIONAL";
  const first = header.data_page_header;
  const second = header.data_page_header_v2;
  let body: Uint8Array;
  let at = 0;
  let levels: { readonly bytes: Uint8Array; readonly start: number; readonly end: number } | null = null;
  if (first !== undefined) {
    if (optional && first.definition_level_encoding !== "RLE") return null;
    body = decompressPage(raw, header.uncompressed_page_size, about.codec, compressors);
    if (optional) {
      const length = new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(0, true);
      levels = { bytes: body, start: 4, end: 4 + length };
      at = 4 + length;
    }
  } else if (second !== undefined) {
    if (second.repetition_levels_byte_length !== 0) return null;
    const length = second.definition_levels_byte_length;
    const rest = raw.subarray(length);
    const size = header.uncompressed_page_size - length;
    body = second.is_compressed === false || size === 0 ? rest : decompressPage(rest, size, about.codec, compressors);
    if (optional) levels = { bytes: raw, start: 0, end: length };
  } else {
    return null;
  }
  const rows = first?.num_values ?? second?.num_values ?? 0;
  let present: Uint8Array | null = null;
  let count = rows;
  if (levels !== null) {
    const found = new Uint8Array(rows);
    if (!readBitRuns(levels.bytes, levels.start, levels.end, 1, found, rows)) return null;
    count = 0;
    for (let row = 0; row < rows; row++) count += found[row] ?? 0;
    present = count === rows ? null : found;
  }
  const values = valuesOf(body, at, first?.encoding ?? second?.encoding ?? "PLAIN", count, about.type, dictionary);
  return values === null ? null : { rows, present, values };
}

function valuesOf(
  body: Uint8Array,
  at: number,
  encoding: string,
  count: number,
  type: ColumnMetaData["type"],
  dictionary: ArrayLike<Raw> | null,
): FlatPage["values"] | null {
  if (encoding === "RLE_DICTIONARY" || encoding === "PLAIN_DICTIONARY") {
    if (dictionary === null) return null;
    const codes = new Uint32Array(count);
    const width = body[at] ?? 0;
    if (count > 0 && width > 0) {
      if (width > mostBits || !readBitRuns(body, at + 1, body.length, width, codes, count)) return null;
      for (const code of codes) if (code >= dictionary.length) return null;
    }
    return { form: "codes", codes, dictionary };
  }
  if (encoding !== "PLAIN" || !plainTypes.some((one) => one === type)) return null;
  const size = type === "INT32" || type === "FLOAT" ? 4 : 8;
  if (at + count * size > body.length) return null;
  // A copy, so that the numbers begin where numbers may.
  const { buffer } = body.slice(at, at + count * size);
  switch (type) {
    case "DOUBLE":
      return { form: "numbers", numbers: new Float64Array(buffer) };
    case "FLOAT":
      return { form: "numbers", numbers: new Float32Array(buffer) };
    case "INT32":
      return { form: "numbers", numbers: new Int32Array(buffer) };
    default:
      return { form: "words", words: new Int32Array(buffer) };
  }
}

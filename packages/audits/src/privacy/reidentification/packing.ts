import { AssayError } from "@assay/schema";

/** One column's place in a packed key: code = floor(words[word] / stride) mod size. */
export interface PackedColumn {
  readonly word: number;
  readonly stride: number;
  readonly size: number;
}

const wordLimit = 2 ** 32;

/**
 * Lays columns of `sizes` codes out in as few 32-bit words as a greedy walk finds: mixed radix, the first column most
 * significant, so that the order of packed keys is the lexicographic order of codes.
 */
export function packColumns(sizes: readonly number[]): readonly PackedColumn[] {
  const places: { word: number; size: number }[] = [];
  let word = 0;
  let product = 1;
  for (const size of sizes) {
    if (size > wordLimit) throw new AssayError("data-too-large", `a column has ${size} different values; at most 2^32`);
    if (product * size > wordLimit) {
      word++;
      product = 1;
    }
    product *= size;
    places.push({ word, size });
  }
  return places.map((place, index) => ({
    ...place,
    stride: places
      .slice(index + 1)
      .reduce((stride, other) => (other.word === place.word ? stride * other.size : stride), 1),
  }));
}

/** Words that a layout needs. */
export function wordCount(layout: readonly PackedColumn[]): number {
  return (layout.at(-1)?.word ?? -1) + 1;
}

/** Packs code columns of n rows into word columns of n rows. */
export function packCodes(
  layout: readonly PackedColumn[],
  codes: readonly ArrayLike<number>[],
  rows: number,
): readonly Uint32Array[] {
  const words = Array.from({ length: wordCount(layout) }, () => new Uint32Array(rows));
  for (const [index, { word, stride }] of layout.entries()) {
    const target = words[word];
    const source = codes[index];
    if (!target || !source) throw new AssayError("internal", `packing: column ${index} is missing`);
    for (let row = 0; row < rows; row++) target[row] = (target[row] ?? 0) + (source[row] ?? 0) * stride;
  }
  return words;
}

/** The codes of one column of packed keys. */
export function unpackColumn(place: PackedColumn, words: readonly Uint32Array[]): Uint32Array {
  const source = words[place.word];
  if (!source) throw new AssayError("internal", `packing: word ${place.word} is missing`);
  const codes = new Uint32Array(source.length);
  for (let row = 0; row < codes.length; row++) codes[row] = Math.floor((source[row] ?? 0) / place.stride) % place.size;
  return codes;
}

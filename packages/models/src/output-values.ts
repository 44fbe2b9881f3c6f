import { type Column, isText, type NumberColumn } from "./columns.ts";
import type { ModelOutput, OutputValues } from "./model.ts";

/** Numbers of an output, row-major, from its columns. */
export function numericOutput(output: ModelOutput, columns: readonly NumberColumn[], rows: number): OutputValues {
  if (output.kind === "label") return labelOutput(output, columns[0] ?? new Float64Array(rows));
  const width = columns.length;
  const values = new Float64Array(rows * width);
  for (const [index, column] of columns.entries()) {
    for (let row = 0; row < rows; row++) values[row * width + index] = column[row] ?? 0;
  }
  return { name: output.name, kind: output.kind, width, values };
}

/** Labels as codes of the output's classes; of classes that the file does not tell, in the order in which they are met. */
export function labelOutput(output: ModelOutput, column: Column): OutputValues {
  const levels = [...(output.classes ?? [])];
  const places = new Map(levels.map((level, place) => [level, place]));
  const placeOf = (text: string): number => {
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, levels.length);
    levels.push(text);
    return levels.length - 1;
  };
  if (isText(column)) {
    const ofLevel = new Int32Array(column.levels.length).fill(-1);
    const codes = Uint32Array.from(column.codes, (code) => {
      if (ofLevel[code] === -1) ofLevel[code] = placeOf(column.levels[code] ?? "");
      return ofLevel[code] ?? 0;
    });
    return { name: output.name, kind: "label", codes, levels };
  }
  const ofNumber = new Map<number, number>();
  const codes = Uint32Array.from(column, (value) => {
    const known = ofNumber.get(value);
    if (known !== undefined) return known;
    const place = placeOf(String(value));
    ofNumber.set(value, place);
    return place;
  });
  return { name: output.name, kind: "label", codes, levels };
}

/** Joins an output's values of batches that follow each other. */
export function joinOutputs(parts: readonly OutputValues[]): OutputValues {
  const [first, ...others] = parts;
  if (!first) throw new Error("joinOutputs: no parts");
  if (others.length === 0) return first;
  if (first.kind === "label") return joinLabels(first.name, parts);
  const numbers = parts.flatMap((part) => (part.kind === "label" ? [] : [part.values]));
  const values = new Float64Array(numbers.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of numbers) {
    values.set(part, at);
    at += part.length;
  }
  return { ...first, values };
}

function joinLabels(name: string, parts: readonly OutputValues[]): OutputValues {
  const levels: string[] = [];
  const places = new Map<string, number>();
  const codes: Uint32Array[] = parts.flatMap((part) => {
    if (part.kind !== "label") return [];
    const ofLevel = Uint32Array.from(part.levels, (level) => {
      const place = places.get(level) ?? levels.length;
      if (place === levels.length) {
        places.set(level, place);
        levels.push(level);
      }
      return place;
    });
    return [part.codes.map((code) => ofLevel[code] ?? 0)];
  });
  const joined = new Uint32Array(codes.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of codes) {
    joined.set(part, at);
    at += part.length;
  }
  return { name, kind: "label", codes: joined, levels };
}

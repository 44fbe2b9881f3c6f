import { AssayError } from "@assay/schema";
import type { OutputValues } from "../model.ts";
import { valueAt } from "./place.ts";
import type { EndpointSettings } from "./settings.ts";

/**
 * The outputs that an answer holds for its rows, in the order of `outputsOf`. An answer with too few rows, or a score that
 * is no finite number, is refused whole: half a prediction is none.
 * @throws AssayError model-invalid, naming the row of the data
 */
export function readAnswer(
  settings: EndpointSettings,
  answer: unknown,
  start: number,
  rows: number,
): readonly OutputValues[] {
  const { url, response } = settings;
  const fail = (message: string) => new AssayError("model-invalid", `${url}: ${message}`);
  const list = valueAt(answer, response.rows);
  if (!Array.isArray(list)) {
    throw fail(`the answer holds no list ${response.rows === "" ? "of rows" : `"${response.rows}"`}`);
  }
  if (list.length !== rows)
    throw fail(`answers ${list.length} rows for ${rows} asked (data rows ${start} to ${start + rows - 1})`);
  const outputs: OutputValues[] = [];
  const { score, label, kind } = response;
  if (score !== undefined) {
    let width = 0;
    let values = new Float64Array(0);
    for (const [row, one] of list.entries()) {
      const found = valueAt(one, score);
      const scores: readonly unknown[] = Array.isArray(found) ? found : [found];
      if (row === 0) {
        width = scores.length;
        const expected = response.classes?.length;
        if (width === 0 || (expected !== undefined && width !== expected && !(width === 1 && expected === 2))) {
          throw fail(`gives ${width} scores a row for ${expected ?? "no"} classes`);
        }
        values = new Float64Array(rows * width);
      }
      if (scores.length !== width)
        throw fail(`row ${start + row} has ${scores.length} scores, the rows before ${width}`);
      for (const [index, value] of scores.entries()) {
        if (typeof value !== "number" || !Number.isFinite(value)) {
          throw fail(`row ${start + row} has the score ${JSON.stringify(value) ?? "nothing"}, which is no number`);
        }
        values[row * width + index] = value;
      }
    }
    outputs.push({ name: "score", kind, width: Math.max(1, width), values });
  }
  if (label !== undefined) outputs.push(readLabels(list, label, settings, start, fail));
  return outputs;
}

function readLabels(
  list: readonly unknown[],
  label: string,
  settings: EndpointSettings,
  start: number,
  fail: (message: string) => AssayError,
): OutputValues {
  const levels = [...(settings.response.classes ?? [])];
  const places = new Map(levels.map((level, place) => [level, place]));
  const codes = Uint32Array.from(list, (one: unknown, row) => {
    const found = valueAt(one, label);
    if (typeof found !== "string" && typeof found !== "number" && typeof found !== "boolean") {
      throw fail(`row ${start + row} has the label ${JSON.stringify(found) ?? "nothing"}`);
    }
    const text = String(found);
    const place = places.get(text);
    if (place !== undefined) return place;
    if (settings.response.classes)
      throw fail(`row ${start + row} has the label ${JSON.stringify(text)}, which is none of the classes`);
    places.set(text, levels.length);
    levels.push(text);
    return levels.length - 1;
  });
  return { name: "label", kind: "label", codes, levels };
}

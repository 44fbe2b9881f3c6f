import { AssayError, type Endpoint, redact } from "@assay/schema";
import type { OutputValues } from "../model.ts";
import { valueAt } from "./place.ts";
import { said } from "./said.ts";

type Secrets = Readonly<Record<string, string>>;

/** What arithmetic may put a probability outside [0, 1] by. */
const slack = 1e-6;

/**
 * The outputs that an answer holds for its rows, in the order of `outputsOf`. An answer with too few rows, or a score that
 * is no finite number, is refused whole: half a prediction is none.
 * @throws AssayError model-invalid, naming the row, counted from 1
 */
export function readAnswer(
  { response }: Endpoint,
  answer: unknown,
  start: number,
  rows: number,
  secrets: Secrets,
): readonly OutputValues[] {
  const list = valueAt(answer, response.rows);
  if (!Array.isArray(list)) {
    const where = response.rows === "" ? "is no list of rows" : `holds no list "${response.rows}"`;
    throw invalid(`the answer ${where}, it is ${shapeOf(answer, secrets)}; say in response.rows where the rows stand`);
  }
  if (list.length !== rows) {
    throw invalid(`answers ${list.length} rows for ${rows} asked; it must answer every row, in order`);
  }
  const outputs: OutputValues[] = [];
  const { score, label } = response;
  if (score !== undefined) outputs.push(readScores(list, score, response, start, secrets));
  if (label !== undefined) outputs.push(readLabels(list, label, response, start, secrets));
  return outputs;
}

function readScores(
  list: readonly unknown[],
  place: string,
  { kind, classes }: Endpoint["response"],
  start: number,
  secrets: Secrets,
): OutputValues {
  let width = 1;
  let values = new Float64Array(0);
  for (const [row, one] of list.entries()) {
    const found = valueAt(one, place);
    const scores: readonly unknown[] = Array.isArray(found) ? found : [found];
    if (row === 0) {
      width = scores.length;
      checkWidth(width, classes);
      values = new Float64Array(list.length * width);
    }
    const at = `row ${start + row + 1}`;
    if (scores.length !== width) throw invalid(`${at} has ${scores.length} scores, the rows before it ${width}`);
    for (const [index, value] of scores.entries()) {
      if (typeof value !== "number" || !Number.isFinite(value)) {
        const where = place === "" ? "" : `; say in response.score where in a row it stands (now "${place}")`;
        throw invalid(`${at} has the score ${shown(value, secrets)}, which is no number${where}`);
      }
      if (kind === "probabilities" && (value < -slack || value > 1 + slack)) {
        throw invalid(`${at} has the probability ${value}; write response.kind: score for scores of any size`);
      }
      values[row * width + index] = value;
    }
    if (kind === "probabilities" && width > 1) checkSum(values.subarray(row * width, (row + 1) * width), at);
  }
  return { name: "score", kind, width, values };
}

/** What a probability that is written with two decimals is off by, at most. */
const rounded = 0.005;

function checkSum(probabilities: Float64Array, at: string): void {
  const sum = probabilities.reduce((total, value) => total + value, 0);
  if (Math.abs(sum - 1) <= rounded * probabilities.length + slack) return;
  throw invalid(
    `${at} has probabilities that add up to ${Number(sum.toPrecision(4))}, not to 1; write response.kind: score for scores of classes that do not exclude each other`,
  );
}

function checkWidth(width: number, classes: readonly string[] | undefined): void {
  if (width === 0) throw invalid("gives an empty list of scores for a row");
  if (classes === undefined) {
    if (width <= 2) return;
    throw invalid(`gives ${width} scores a row; name their classes in order in response.classes`);
  }
  // One score of two classes is the second's.
  if (width === classes.length || (width === 1 && classes.length === 2)) return;
  throw invalid(
    `gives ${width === 1 ? "1 score" : `${width} scores`} a row for the ${classes.length} classes of response.classes`,
  );
}

function readLabels(
  list: readonly unknown[],
  place: string,
  { classes }: Endpoint["response"],
  start: number,
  secrets: Secrets,
): OutputValues {
  const levels = [...(classes ?? [])];
  const places = new Map(levels.map((level, index) => [level, index]));
  const codes = Uint32Array.from(list, (one: unknown, row) => {
    const found = valueAt(one, place);
    const at = `row ${start + row + 1}`;
    if (typeof found !== "string" && typeof found !== "number" && typeof found !== "boolean") {
      throw invalid(`${at} has the label ${shown(found, secrets)}; say in response.label where in a row it stands`);
    }
    const text = String(found);
    // A label becomes part of the report.
    if (redact(text, secrets) !== text) throw invalid(`${at} has a label that gives a secret of the headers back`);
    const known = places.get(text);
    if (known !== undefined) return known;
    if (classes) throw invalid(`${at} has the label ${shown(found, secrets)}, which is none of response.classes`);
    places.set(text, levels.length);
    levels.push(text);
    return levels.length - 1;
  });
  return { name: "label", kind: "label", codes, levels };
}

function invalid(message: string): AssayError {
  return new AssayError("model-invalid", message);
}

/** A value met, not longer than a message may be. */
function shown(value: unknown, secrets: Secrets): string {
  if (value === undefined) return "nothing";
  if (typeof value === "object" && value !== null) return shapeOf(value, secrets);
  return typeof value === "string" ? JSON.stringify(said(value, secrets, 80)) : String(value);
}

function shapeOf(value: unknown, secrets: Secrets): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== "object") return `a ${typeof value === "string" ? "text" : typeof value}`;
  const keys = Object.keys(value);
  const some = keys.slice(0, 5).map((key) => JSON.stringify(said(key, secrets, 40)));
  return keys.length === 0 ? "an empty object" : `an object of ${some.join(", ")}${keys.length > 5 ? ", …" : ""}`;
}

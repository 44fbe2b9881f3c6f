import { AssayError, type ErrorCode } from "@assay/schema";

/**
 * A fault of a model file: names the file, the place in it (`node "TreeEnsembleClassifier" (3), nodes_values[17]`), what is
 * wrong and the cure.
 */
export function modelError(
  file: string,
  place: string | null,
  message: string,
  code: ErrorCode = "model-invalid",
): AssayError {
  const where = place === null ? "" : `, ${place}`;
  return new AssayError(code, `${file}${where}: ${message}`, {
    problems: [{ at: place === null ? file : `${file}: ${place}`, message }],
  });
}

/** A part of a model that faults name. */
export interface ModelPart {
  /** `node 3 "scaler" (Scaler)`. */
  readonly place: string;
  fault(message: string): AssayError;
}

/** A text of a model as a message shows it: quoted, one line, at most 60 characters. */
export function shown(text: string): string {
  const points = [...text.slice(0, 200)];
  return JSON.stringify(points.length > 60 ? `${points.slice(0, 59).join("")}…` : points.join(""));
}

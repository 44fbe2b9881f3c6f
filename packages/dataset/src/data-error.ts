import { AssayError } from "@assay/schema";

/** `line 17` in text files, `row 17` in typed ones; empty for the file as a whole. */
export type Place = { readonly line: number } | { readonly row: number } | null;

/** A fault of a data file: names the file, the place, what is wrong and the cure. */
export function dataError(file: string, place: Place, message: string, cause?: unknown): AssayError {
  const where = place === null ? "" : "line" in place ? `, line ${place.line}` : `, row ${place.row}`;
  const at = place === null ? file : `${file}:${"line" in place ? place.line : place.row}`;
  return new AssayError("data-invalid", `${file}${where}: ${message}`, {
    problems: [{ at, message }],
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A text of the data as a message shows it: quoted, one line, at most 40 characters. */
export function shown(text: string): string {
  const points = [...text];
  return JSON.stringify(points.length > 40 ? `${points.slice(0, 39).join("")}…` : text);
}

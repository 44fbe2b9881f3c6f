import { AssayError } from "@assay/schema";

/** A fault in a filter, with the place in it: `at` is a UTF-16 offset. */
export function whereError(source: string, at: number, message: string): AssayError {
  const place = [...source.slice(0, at)].length + 1;
  const text = `character ${place}: ${message}\n${excerpt(source, at)}`;
  return new AssayError("plan-invalid", `data.where, ${text}`, { problems: [{ at: "data.where", message: text }] });
}

/** The part of the line around the place, with a caret under it. */
function excerpt(source: string, at: number): string {
  const lineStart = source.lastIndexOf("\n", at - 1) + 1;
  const lineEnd = source.indexOf("\n", at);
  const line = [...source.slice(lineStart, lineEnd < 0 ? source.length : lineEnd)];
  const column = [...source.slice(lineStart, at)].length;
  const from = Math.max(0, column - 40);
  const to = Math.min(line.length, column + 30);
  const before = from > 0 ? "…" : "";
  const part = `${before}${line.slice(from, to).join("").replaceAll("\t", " ")}${to < line.length ? "…" : ""}`;
  return `  ${part}\n  ${" ".repeat(before.length + column - from)}^`;
}

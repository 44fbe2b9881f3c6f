import { csvText } from "../csv-text.ts";
import { AssayError, type Problem } from "../error.ts";
import { type FeedbackCell, gatherFeedback, mostFeedbackCells } from "./cells.ts";
import { countedFeedback } from "./states.ts";

const groupPrefix = "group.";
const known = ["month", "state", "decision", "count"] as const;
type Known = (typeof known)[number];

/**
 * Reads a table of feedback: CSV with a header. Columns `month`, `state`, `decision` and `count` may each be left out (then
 * not known, `new`, not known and 1); `group.<column>` tells what senders said of a protected column. Other columns are
 * refused, so that nothing else of a report comes along. What is withdrawn or spam is left out.
 * @throws AssayError data-invalid with every problem and its line
 */
export function readFeedbackTable(text: string, name: string): FeedbackCell[] {
  const [header, ...lines] = parseCsv(text.replace(/^\uFEFF/, ""), name);
  const problems: Problem[] = [];
  const columns = (header?.fields ?? []).map((field, index): { known: Known } | { group: string } => {
    const title = field.trim();
    const plain = known.find((one) => one === title);
    if (plain !== undefined) return { known: plain };
    if (title.startsWith(groupPrefix) && title.length > groupPrefix.length) {
      return { group: title.slice(groupPrefix.length) };
    }
    const message = `column "${title}" is none of ${known.join(", ")} or ${groupPrefix}<column>; leave it out`;
    problems.push({ at: `${name}:1`, message: index === 0 && title === "" ? "the table has no header line" : message });
    return { group: title };
  });
  const titles = columns.map((column) => ("known" in column ? column.known : `${groupPrefix}${column.group}`));
  for (const [index, title] of titles.entries()) {
    if (titles.indexOf(title) !== index) problems.push({ at: `${name}:1`, message: `column "${title}" stands twice` });
  }
  if (header === undefined) problems.push({ at: name, message: "is empty; a header line is needed" });
  if (lines.length > mostFeedbackCells) {
    problems.push({ at: name, message: `holds more than ${mostFeedbackCells} lines; count equal ones together` });
  }
  const cells: FeedbackCell[] = [];
  if (problems.length === 0) {
    for (const { fields, line } of lines) {
      if (fields.length === 1 && fields[0]?.trim() === "") continue;
      const cell = readLine(fields, columns);
      if (typeof cell === "string") problems.push({ at: `${name}:${line}`, message: cell });
      else if (cell !== null) cells.push(cell);
      if (problems.length >= 20) break;
    }
  }
  if (problems.length === 0) return gatherFeedback(cells);
  const told = problems.map(({ at, message }) => `  ${at}: ${message}`).join("\n");
  throw new AssayError("data-invalid", `the table of feedback ${name} cannot be read:\n${told}`, { problems });
}

/** Null for a line that is not counted; a text says what is wrong. */
function readLine(
  fields: readonly string[],
  columns: readonly ({ known: Known } | { group: string })[],
): FeedbackCell | string | null {
  if (fields.length !== columns.length) return `${fields.length} fields where the header has ${columns.length}`;
  const given: Partial<Record<Known, string>> = {};
  const group: Record<string, string> = {};
  for (const [index, column] of columns.entries()) {
    const value = unguarded((fields[index] ?? "").trim());
    if (value === "") continue;
    if ("known" in column) given[column.known] = value;
    else group[column.group] = value;
  }
  const { month = null, state = "new", decision = null, count = "1" } = given;
  if (month !== null && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) return `month "${month}"; write it as 2026-11`;
  if (!/^\d{1,9}$/.test(count)) return `count "${count}" is no whole number`;
  if (state === "withdrawn" || state === "spam" || Number(count) === 0) return null;
  const counted = countedFeedback.find((one) => one === state);
  if (counted === undefined) return `state "${state}"; there are ${countedFeedback.join(", ")}, withdrawn and spam`;
  return { month, state: counted, decision, group, count: Number(count) };
}

/** The table as `readFeedbackTable` reads it: counts alone, equal cells together. */
export function writeFeedbackTable(cells: readonly FeedbackCell[]): string {
  const gathered = gatherFeedback(cells);
  const groups = [...new Set(gathered.flatMap((cell) => Object.keys(cell.group)))].sort();
  const header = ["month", "state", "decision", ...groups.map((name) => `${groupPrefix}${name}`), "count"];
  const lines = gathered.map(({ month, state, decision, group, count }) => [
    month ?? "",
    state,
    decision ?? "",
    ...groups.map((name) => group[name] ?? ""),
    String(count),
  ]);
  return [header, ...lines].map((fields) => `${fields.map(field).join(",")}\n`).join("");
}

/** What a spreadsheet would run, after any apostrophes. */
const guarded = /^'+[=+\-@＝＋－＠\t\r\n]/;

/** `csvText` puts an apostrophe before what a spreadsheet would run; one that was there already gets another. */
function field(text: string): string {
  return csvText(guarded.test(text) ? `'${text}` : text);
}

function unguarded(text: string): string {
  return guarded.test(text) ? text.slice(1) : text;
}

/** RFC 4180. @throws AssayError data-invalid for a quote that is not closed */
function parseCsv(text: string, name: string): { readonly fields: readonly string[]; readonly line: number }[] {
  const rows: { fields: string[]; line: number }[] = [];
  let [fields, field, line, start, quoted]: [string[], string, number, number, boolean] = [[], "", 1, 1, false];
  const endRow = (): void => {
    rows.push({ fields: [...fields, field], line: start });
    [fields, field, start] = [[], "", line];
  };
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quoted) {
      if (char === "\n") line++;
      if (char !== '"') field += char;
      else if (text.charAt(at + 1) === '"') field += text.charAt(++at);
      else quoted = false;
    } else if (char === '"' && field.trim() === "") [field, quoted] = ["", true];
    else if (char === ",") [fields, field] = [[...fields, field], ""];
    else if (char === "\n" || char === "\r") {
      if (char === "\r" && text.charAt(at + 1) === "\n") at++;
      line++;
      endRow();
    } else field += char;
  }
  if (quoted) {
    throw new AssayError("data-invalid", `${name}:${start}: a quote is opened and not closed`, {
      problems: [{ at: `${name}:${start}`, message: "a quote is opened and not closed" }],
    });
  }
  if (field !== "" || fields.length > 0) endRow();
  return rows;
}

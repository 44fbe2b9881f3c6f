import { type Operator, operators } from "./syntax.ts";
import { whereError } from "./where-error.ts";

export const keywords = ["and", "in", "is", "missing", "not", "or"] as const;
export type Keyword = (typeof keywords)[number];

export type Token = { readonly at: number; readonly source: string } & (
  | { readonly kind: "name"; readonly value: string }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "operator"; readonly value: Operator }
  | { readonly kind: "keyword"; readonly value: Keyword }
  | { readonly kind: "(" | ")" | "," | "end" }
);

const blank = /\s+/uy;
const number = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/uy;
const word = /[\p{L}_][\p{L}\p{M}\p{N}_.-]*/uy;
const operator = /!=|<=|>=|<>|==|=|<|>/uy;

const hints: Readonly<Record<string, string>> = {
  "==": "write = for equality",
  "<>": "write != for inequality",
  "&": "write and",
  "|": "write or",
  "!": "write not",
  "`": 'column names with blanks stand in double quotes: "my column"',
  "“": "use straight quotes: 'text', \"column\"",
  "”": "use straight quotes: 'text', \"column\"",
  "‘": "use straight quotes: 'text', \"column\"",
  "’": "use straight quotes: 'text', \"column\"",
  "（": "use the ASCII parenthesis (",
  "）": "use the ASCII parenthesis )",
  "，": "use the ASCII comma ,",
};

/** Splits a filter into tokens; the last one is `end`. */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? null;
  };
  while (at < source.length) {
    const space = match(blank);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const token = one(source, at, match);
    tokens.push(token);
    at += token.source.length;
  }
  tokens.push({ kind: "end", at, source: "" });
  return tokens;
}

function one(source: string, at: number, match: (pattern: RegExp) => string | null): Token {
  const char = source[at] ?? "";
  if (char === "(" || char === ")" || char === ",") return { kind: char, at, source: char };
  if (char === "'" || char === '"') return quoted(source, at, char);
  const digits = match(number);
  if (digits !== null) {
    const after = source.slice(at + digits.length).match(/^[\p{L}\p{N}_.]+/u)?.[0];
    if (after !== undefined) {
      const whole = digits + after;
      throw whereError(
        source,
        at,
        `${whole} is neither a number nor a name; write '${whole}' for a text or "${whole}" for a column`,
      );
    }
    const value = Number(digits);
    if (!Number.isFinite(value)) throw whereError(source, at, `${digits} is too large for a number`);
    return { kind: "number", at, source: digits, value };
  }
  const name = match(word);
  if (name !== null) {
    const keyword = keywords.find((candidate) => candidate === name.toLowerCase());
    return keyword === undefined
      ? { kind: "name", at, source: name, value: name }
      : { kind: "keyword", at, source: name, value: keyword };
  }
  const sign = match(operator);
  const known = operators.find((candidate) => candidate === sign);
  if (known !== undefined) return { kind: "operator", at, source: known, value: known };
  const found = sign ?? String.fromCodePoint(source.codePointAt(at) ?? 0);
  const hint = hints[found];
  throw whereError(source, at, `unexpected ${found}${hint === undefined ? "" : `; ${hint}`}`);
}

function quoted(source: string, start: number, quote: "'" | '"'): Token {
  let value = "";
  let at = start + 1;
  for (;;) {
    const end = source.indexOf(quote, at);
    if (end < 0) {
      throw whereError(
        source,
        start,
        `this quote is never closed; end the ${quote === "'" ? "text" : "name"} with ${quote}`,
      );
    }
    value += source.slice(at, end);
    if (source[end + 1] !== quote) {
      const kind = quote === "'" ? "text" : "name";
      if (kind === "name" && value === "") throw whereError(source, start, "a column name cannot be empty");
      return { kind, at: start, source: source.slice(start, end + 1), value };
    }
    value += quote;
    at = end + 2;
  }
}

import type { Problem } from "@assay/schema";
import { nearestName } from "@assay/schema";
import { type Keyword, type Token, tokenize } from "./lexer.ts";
import type { Literal, Where } from "./syntax.ts";
import { whereError } from "./where-error.ts";

const deepest = 200;

/**
 * Reads a filter:
 *
 *     filter     = both { "or" both }
 *     both       = unary { "and" unary }
 *     unary      = "not" unary | "(" filter ")" | test
 *     test       = column ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) literal
 *                | column [ "not" ] "in" "(" literal { "," literal } ")"
 *                | column "is" [ "not" ] "missing"
 *     column     = bare name (letters, digits, _ - .; not a digit first) | "name in double quotes"
 *     literal    = number | 'text in single quotes'
 *
 * Words may stand in any case. A quote inside quotes is doubled.
 * With `columns`, a name that is not among them is refused, with the nearest one.
 * @throws AssayError plan-invalid, with the place and a caret under it
 */
export function parseWhere(source: string, columns?: readonly string[]): Where {
  return new Parser(source, columns ?? null).all();
}

/** Faults of a filter as problems of the plan; empty where it can be run. */
export function whereProblems(source: string, columns: readonly string[]): readonly Problem[] {
  try {
    parseWhere(source, columns);
    return [];
  } catch (error) {
    if (error instanceof Error && "problems" in error) return error.problems as readonly Problem[];
    throw error;
  }
}

class Parser {
  readonly #source: string;
  readonly #columns: readonly string[] | null;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(source: string, columns: readonly string[] | null) {
    this.#source = source;
    this.#columns = columns;
    this.#tokens = tokenize(source);
  }

  all(): Where {
    if (this.#peek().kind === "end")
      throw this.#error(this.#peek(), "the filter is empty; leave `where` out to use every row");
    const where = this.#or();
    if (this.#peek().kind !== "end") throw this.#unexpected("and, or, or the end");
    return where;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", at: this.#source.length, source: "" };
  }

  #or(): Where {
    let left = this.#and();
    while (this.#word("or")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): Where {
    let left = this.#unary();
    while (this.#word("and")) left = { kind: "and", left, right: this.#unary() };
    return left;
  }

  #unary(): Where {
    const opened = this.#peek();
    if (++this.#depth > deepest) throw this.#error(opened, `parentheses and not are nested more than ${deepest} deep`);
    try {
      if (this.#word("not")) return { kind: "not", of: this.#unary() };
      if (opened.kind !== "(") return this.#test();
      this.#next++;
      const inner = this.#or();
      if (this.#peek().kind !== ")") {
        throw this.#peek().kind === "end"
          ? this.#error(opened, "this parenthesis is never closed")
          : this.#unexpected("and, or, or )");
      }
      this.#next++;
      return inner;
    } finally {
      this.#depth--;
    }
  }

  #test(): Where {
    const column = this.#column();
    const token = this.#peek();
    if (token.kind === "operator") {
      this.#next++;
      return { kind: "compare", column, operator: token.value, literal: this.#literal() };
    }
    if (this.#word("is")) {
      const negated = this.#word("not");
      if (this.#word("missing")) return { kind: "missing", column, negated };
      throw this.#unexpected("missing");
    }
    const negated = this.#word("not");
    if (this.#word("in")) return { kind: "in", column, literals: this.#list(), negated };
    throw this.#unexpected(negated ? "in" : "=, !=, <, <=, >, >=, in, not in or is after the column");
  }

  #column(): string {
    const token = this.#peek();
    if (token.kind === "text") {
      throw this.#error(
        token,
        `expected a column name, found the text ${token.source}; columns stand bare or in double quotes`,
      );
    }
    if (token.kind === "number") {
      throw this.#error(
        token,
        `expected a column name, found ${token.source}; the column stands on the left: column >= ${token.source}`,
      );
    }
    if (token.kind !== "name") throw this.#unexpected("a column name");
    this.#next++;
    if (this.#columns !== null && !this.#columns.includes(token.value)) {
      const near = nearestName(token.value, this.#columns);
      throw this.#error(token, `no column "${token.value}" in data${near === null ? "" : `; did you mean "${near}"?`}`);
    }
    return token.value;
  }

  #list(): readonly Literal[] {
    const opened = this.#peek();
    if (opened.kind !== "(") throw this.#unexpected("( after in");
    this.#next++;
    const literals = [this.#literal()];
    while (this.#peek().kind === ",") {
      this.#next++;
      literals.push(this.#literal());
    }
    if (this.#peek().kind !== ")") {
      throw this.#peek().kind === "end" ? this.#error(opened, "this list is never closed") : this.#unexpected(", or )");
    }
    this.#next++;
    return literals;
  }

  #literal(): Literal {
    const token = this.#peek();
    if (token.kind === "number") {
      this.#next++;
      return { kind: "number", value: token.value, source: token.source };
    }
    if (token.kind === "text") {
      this.#next++;
      return { kind: "text", value: token.value };
    }
    if (token.kind === "name") {
      const text = token.value.replaceAll("'", "''");
      throw this.#error(token, `expected a number or 'text', found ${token.source}; write '${text}' for a text`);
    }
    throw this.#unexpected("a number or 'text'");
  }

  #word(keyword: Keyword): boolean {
    const token = this.#peek();
    if (token.kind !== "keyword" || token.value !== keyword) return false;
    this.#next++;
    return true;
  }

  #unexpected(expected: string): Error {
    const token = this.#peek();
    return this.#error(token, `expected ${expected}, found ${token.kind === "end" ? "the end" : token.source}`);
  }

  #error(token: Token, message: string): Error {
    return whereError(this.#source, token.at, message);
  }
}

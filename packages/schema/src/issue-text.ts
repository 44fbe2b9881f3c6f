import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** How Zod's own messages begin; a schema's are told as they are. */
const zods = /^(?:Invalid (?:input|option)|Too (?:big|small)): /;

/**
 * What is wrong with a value, as our messages say it: what is asked for, in plain words, and the value met, where the schema
 * was told to report it (`reportInput`).
 */
export function issueText(issue: Issue): string {
  if (!zods.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_value": {
      const values = issue.values.map(String);
      const expected = `expected ${values.length === 1 ? "" : "one of "}${values.join(", ")}`;
      return issue.input === undefined && isReported(issue)
        ? `is missing; ${expected}`
        : expected + metText(issue.input);
    }
    case "too_big":
      return `${sized(issue.origin, issue.inclusive === false ? "fewer than" : "at most", Number(issue.maximum))}${metText(issue.input)}`;
    case "too_small":
      return `${sized(issue.origin, issue.inclusive === false ? "more than" : "at least", Number(issue.minimum))}${metText(issue.input)}`;
    case "invalid_type": {
      if (typeof issue.input === "number" && !Number.isFinite(issue.input)) {
        return `expected a finite number, not ${issue.input}`;
      }
      const expected = `expected ${kindText(issue.expected)}`;
      if (issue.input === undefined && / received undefined$/.test(issue.message)) return `is missing; ${expected}`;
      return `${expected}${metText(issue.input) || `, not ${receivedText(issue.message)}`}`;
    }
    default:
      return issue.message.replace(zods, "");
  }
}

/** Whether the value met is told of at all: it is a key of its own only where the schema was told to report it. */
function isReported(issue: Issue): boolean {
  return "input" in issue;
}

/** Zod's names of types, in plain words. */
const kinds: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  map: "keys with values",
  nan: "a number",
  null: "nothing",
  number: "a number",
  object: "keys with values",
  record: "keys with values",
  string: "a text",
};

export function kindText(kind: string): string {
  return kinds[kind] ?? kind;
}

/** What Zod says that it received. */
function receivedText(message: string): string {
  return kindText(/, received (.+)$/.exec(message)?.[1] ?? "this");
}

/** `at least 1`; of texts and lists how long they are. */
function sized(origin: string, bound: "at least" | "at most" | "fewer than" | "more than", limit: number): string {
  const one = limit === 1;
  switch (origin) {
    case "array":
    case "map":
    case "object":
    case "record":
    case "set":
      return `expected ${bound} ${limit} ${one ? "entry" : "entries"}`;
    case "string":
      return `expected ${bound} ${limit} ${one ? "character" : "characters"}`;
    default:
      return `expected ${bound === "fewer than" ? "less than" : bound} ${limit}`;
  }
}

/** The value met, where it is short enough to show. */
function metText(input: unknown): string {
  const isPlain = typeof input === "string" || typeof input === "number" || typeof input === "boolean";
  if (!isPlain) return "";
  const text = JSON.stringify(input);
  return text.length > 60 ? "" : `, not ${text}`;
}

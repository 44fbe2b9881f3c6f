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
      return `expected ${values.length === 1 ? "" : "one of "}${values.join(", ")}${metText(issue.input)}`;
    }
    case "too_big":
      return `${sized(issue.origin, issue.inclusive === false ? "fewer than" : "at most", Number(issue.maximum))}${metText(issue.input)}`;
    case "too_small":
      return `${sized(issue.origin, issue.inclusive === false ? "more than" : "at least", Number(issue.minimum))}${metText(issue.input)}`;
    default:
      return issue.message
        .replace(/^Invalid input: /, "")
        .replace(/^expected (.+), received undefined$/, "is missing; expected $1")
        .replace(/^(is missing; )?expected int(?=,|$)/, "$1expected a whole number")
        .replace(/, received number$/, metText(issue.input) || ", received number");
  }
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

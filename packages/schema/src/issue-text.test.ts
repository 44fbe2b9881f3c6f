import { describe, expect, it } from "vitest";
import { z } from "zod";
import { issueText } from "./issue-text.ts";

function told(schema: z.ZodType, value: unknown): readonly string[] {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? [] : result.error.issues.map(issueText);
}

describe("what is wrong with a value", () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ["a choice", z.enum(["cpu", "cuda"]), "gpu", 'expected one of cpu, cuda, not "gpu"'],
    ["a literal", z.literal(1), 2, "expected 1, not 2"],
    ["a number too small", z.number().min(0), -1, "expected at least 0, not -1"],
    ["a number at an open end", z.number().lt(1), 1, "expected less than 1, not 1"],
    ["a list too short", z.array(z.string()).min(1), [], "expected at least 1 entry"],
    ["a text too long", z.string().max(3), "abcd", 'expected at most 3 characters, not "abcd"'],
    ["a number that is not whole", z.int(), 2.5, "expected a whole number, not 2.5"],
    ["another type", z.number(), "1", 'expected a number, not "1"'],
    ["a list for a text", z.string(), [1], "expected a text, not a list"],
    ["a schema's own words", z.string().min(1, "give it a name"), "", "give it a name"],
  ])("is told in plain words: %s", (_, schema, value, text) => {
    expect(told(schema, value)).toEqual([text]);
  });

  it("is a missing value where nothing was given", () => {
    expect(told(z.object({ a: z.number() }), {})).toEqual(["is missing; expected a number"]);
  });

  it("does not repeat a value that is long, or that the schema does not report", () => {
    expect(told(z.enum(["a"]), "x".repeat(100))).toEqual(["expected a"]);
    const result = z.enum(["a"]).safeParse("secret");
    expect(result.success || result.error.issues.map(issueText)).toEqual(["expected a"]);
  });
});

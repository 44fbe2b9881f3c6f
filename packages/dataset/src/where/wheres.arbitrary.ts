import fc from "fast-check";
import { type Literal, operators, type Where } from "./syntax.ts";

/** Column names that need quotes and names that do not. */
export const someColumns = ["age", "race", "two words", 'q"uote', "not", "days-late", "1st", "职业"] as const;

const numbers = fc
  .oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((value): Literal => ({ kind: "number", value: Number(String(value)), source: String(value) }));
const texts = fc
  .oneof(fc.constantFrom("a", "b", "1", "-2", "it's", ""), fc.string({ unit: "grapheme", maxLength: 4 }))
  .map((value): Literal => ({ kind: "text", value }));
const literals = fc.oneof(numbers, texts);
const column = fc.constantFrom(...someColumns);

/** Filters of any shape over `someColumns`. */
export const wheres: fc.Arbitrary<Where> = fc.letrec<{ where: Where }>((tie) => ({
  where: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({
      kind: fc.constant("compare" as const),
      column,
      operator: fc.constantFrom(...operators),
      literal: literals,
    }),
    fc.record({
      kind: fc.constant("in" as const),
      column,
      literals: fc.array(literals, { minLength: 1, maxLength: 3 }),
      negated: fc.boolean(),
    }),
    fc.record({ kind: fc.constant("missing" as const), column, negated: fc.boolean() }),
    fc.record({ kind: fc.constantFrom("and" as const, "or" as const), left: tie("where"), right: tie("where") }),
    fc.record({ kind: fc.constant("not" as const), of: tie("where") }),
  ),
})).where;

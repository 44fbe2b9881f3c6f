import { expect, test } from "vitest";
import { z } from "zod";
import { toAssayError } from "../error-shape.ts";
import { appRouter } from "../router.ts";
import { exactly } from "./exactly.ts";

const Definition = z.object({ inputs: z.array(z.unknown()) });

/** Places in a schema where an object would drop keys that it does not know. */
function loose(schema: unknown, at: string): string[] {
  if (schema instanceof z.ZodObject) {
    const own = schema.def.catchall instanceof z.ZodNever ? [] : [at];
    return [...own, ...Object.entries(schema.shape).flatMap(([key, inner]) => loose(inner, `${at}.${key}`))];
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) {
    return loose(schema.unwrap(), at);
  }
  return schema instanceof z.ZodArray ? loose(schema.element, `${at}[]`) : [];
}

test("no call of the API drops a key of its input in silence", () => {
  const procedures: Readonly<Record<string, object>> = appRouter._def.procedures;
  const inputs = Object.entries(procedures).flatMap(([name, procedure]) =>
    (Definition.safeParse(Reflect.get(procedure, "_def")).data?.inputs ?? []).map((input) => ({ name, input })),
  );
  expect(inputs.length).toBeGreaterThan(50);
  expect(inputs.flatMap(({ name, input }) => loose(input, name))).toEqual([]);
});

test("an unknown key is told by its name, with the nearest that is known", () => {
  const schema = exactly({ name: z.string(), reading: exactly({ counts: z.boolean() }).optional() });
  const told = (input: unknown) => toAssayError(schema.safeParse(input).error).problems;
  expect(told({ name: "a", nmae: "b" })).toEqual([
    { at: "nmae", message: '"nmae" is not known here; did you mean "name"?' },
  ]);
  expect(told({ name: "a", reading: { counts: true, zebra: 1 } })).toEqual([
    { at: "reading.zebra", message: '"zebra" is not known here; there are counts' },
  ]);
});

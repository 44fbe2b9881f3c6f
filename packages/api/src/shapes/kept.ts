import { z } from "zod";

/**
 * Something already parsed: checked against its schema and passed on unchanged, so that defaults and transforms of the
 * schema do not run a second time. The OpenAPI document tells the schema's written form.
 */
export function kept<Schema extends z.ZodType>(schema: Schema) {
  return z.custom<z.output<Schema>>((value) => schema.safeParse(value).success).meta(written(schema));
}

/** Something in its written form: checked and passed on before defaults and transforms. */
export function asWritten<Schema extends z.ZodType>(schema: Schema) {
  return z.custom<z.input<Schema>>((value) => schema.safeParse(value).success).meta(written(schema));
}

/** OpenAPI metadata: the JSON Schema of what may be written. */
export function written(schema: z.ZodType) {
  return {
    override: ({ jsonSchema }: { jsonSchema: object }) => {
      const { $schema: _, "~standard": __, ...shape } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
      Object.assign(jsonSchema, shape);
    },
  };
}

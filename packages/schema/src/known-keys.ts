import { z } from "zod";

const wrappers = [z.ZodOptional, z.ZodExactOptional, z.ZodDefault, z.ZodNullable] as const;

/** The keys that a schema's objects know where `path` leads; empty where it holds no object of its own, or any key at all. */
export function knownKeys(schema: z.core.$ZodType, path: readonly (string | number)[]): string[] {
  const [part, ...rest] = path;
  if (wrappers.some((wrapper) => schema instanceof wrapper)) {
    return knownKeys((schema as InstanceType<(typeof wrappers)[number]>).unwrap(), path);
  }
  if (schema instanceof z.ZodPipe) return knownKeys(schema.in, path);
  if (schema instanceof z.ZodUnion) return [...new Set(schema.options.flatMap((one) => knownKeys(one, path)))];
  if (schema instanceof z.ZodObject) {
    if (part === undefined) return Object.keys(schema.shape);
    const inner = schema.shape[part];
    return inner === undefined ? [] : knownKeys(inner, rest);
  }
  if (schema instanceof z.ZodArray) return part === undefined ? [] : knownKeys(schema.element, rest);
  if (schema instanceof z.ZodRecord) return part === undefined ? [] : knownKeys(schema.valueType, rest);
  return [];
}

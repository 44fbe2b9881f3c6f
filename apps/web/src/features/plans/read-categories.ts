import * as z from "zod/mini";

const Lists = z.record(z.string(), z.array(z.string()));
const Categories = z.union([z.object({ categories: Lists }), Lists]);

/** `{ column: [text, …] }`, or the same under `categories`, as the command line reads it; null where it is neither. */
export function readCategories(text: string): Readonly<Record<string, readonly string[]>> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const read = Categories.safeParse(value);
  if (!read.success) return null;
  const inner = z.object({ categories: Lists }).safeParse(read.data);
  return inner.success ? inner.data.categories : Lists.parse(read.data);
}

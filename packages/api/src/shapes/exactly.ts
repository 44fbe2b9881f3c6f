import { nearestName } from "@assay/schema";
import { z } from "zod";

/** An input of these keys alone: a key that nobody knows would be a wish that nobody hears. */
export function exactly<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? unknownKeys(issue.keys, Object.keys(shape)) : undefined),
  });
}

/** What is wrong with keys that are not of those known, and the nearest of these. */
export function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  return keys
    .map((key) => {
      const near = nearestName(key, known);
      const cure = near
        ? `did you mean "${near}"?`
        : known.length > 0
          ? `there are ${known.join(", ")}`
          : "leave it out";
      return `"${key}" is not known here; ${cure}`;
    })
    .join("; ");
}

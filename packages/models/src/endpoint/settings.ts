import { z } from "zod";

const path = z.string().min(1);
const name = z.string().min(1);

/**
 * An HTTP endpoint that predicts: how it is asked and where its answer holds what. Header values are given as they are to
 * be sent: whoever reads them from somewhere (the environment) puts them in before.
 */
export const EndpointSettings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(name, z.string()).default({}),
  request: z
    .strictObject({
      /** Where in the body the rows stand: `instances`, or `data.rows`; empty: the body is the rows. */
      rows: z.string().default("instances"),
      /** A row as an object of named values, or as an array in the order of the inputs. */
      as: z.enum(["arrays", "objects"]).default("objects"),
      /** What else the body holds. */
      body: z.record(name, z.unknown()).default({}),
    })
    .prefault({}),
  response: z
    .strictObject({
      /** Where in the answer the rows stand; empty: the answer is the rows. */
      rows: z.string().default("predictions"),
      /** Where in a row its scores stand: a number, or a list of one for each class; empty: the row itself. */
      score: z.string().exactOptional(),
      /** Where in a row its label stands; empty: the row itself. */
      label: z.string().exactOptional(),
      /** Whether scores are probabilities, scores of any size, or predicted values. */
      kind: z.enum(["probabilities", "score", "value"]).default("probabilities"),
      classes: z.array(name).min(2).exactOptional(),
    })
    .prefault({ score: "" })
    .refine((response) => response.score !== undefined || response.label !== undefined, {
      message: "name where the score or the label stands",
    }),
  inputs: z.array(z.strictObject({ name: path, kind: z.enum(["category", "number"]).default("number") })).min(1),
  /** Rows a request holds. */
  batch: z.int().min(1).max(100_000).default(100),
  /** Requests under way at once. */
  concurrent: z.int().min(1).max(64).default(1),
  /** Requests begun in a second, at most. */
  per_second: z.number().positive().exactOptional(),
  timeout_seconds: z.number().positive().max(3600).default(30),
  /** Times a request is made again after the first. */
  retries: z.int().min(0).max(20).default(4),
});
export type EndpointSettings = z.infer<typeof EndpointSettings>;

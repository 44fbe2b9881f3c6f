import { z } from "zod";
import { headerProblems } from "./endpoint-headers.ts";
import { FileText } from "./file-text.ts";
import { namesSecret } from "./secret-name.ts";

/** Told where a setting holds a secret that belongs into a header and an environment variable. */
const belongsInHeader = `write it in a header as \${NAME}, the name of an environment variable that holds it`;

const Address = z.string().superRefine((text, context) => {
  const add = (message: string) => context.addIssue({ code: "custom", message });
  if (text.includes("${")) return add(`an address holds no variables; ${belongsInHeader}`);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    return add("expected an address that begins with https:// or http://");
  }
  // What is refused for being secret is not printed.
  if (url.username !== "" || url.password !== "") add(`holds a user name or password; ${belongsInHeader}`);
  if (url.hash !== "") add("what follows # is never sent; leave it out");
  for (const name of new Set(url.searchParams.keys())) {
    if (namesSecret(name)) add(`its parameter "${name}" looks like a secret; ${belongsInHeader}`);
  }
});

const Kind = z
  .literal("predict", {
    error: ({ input }) =>
      input === "openai"
        ? "openai is not part of this version: an endpoint is asked about rows and answers with numbers or labels, which is kind: predict"
        : 'expected "predict"',
  })
  .default("predict");

/** Where something stands in JSON: names and numbers with points between, `data.0.score`; empty: the whole. */
const Place = z.string();

/** What else a request holds: no place for secrets, which a plan keeps and shows. */
const Body = z.record(z.string().min(1), z.unknown()).superRefine((body, context) => {
  const look = (value: unknown, path: readonly (string | number)[]): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === "string" && namesSecret(key)) {
        context.addIssue({ code: "custom", path: [...path, key], message: `looks like a secret; ${belongsInHeader}` });
      } else look(inner, [...path, key]);
    }
  };
  look(body, []);
});

/** A value of a row that an endpoint is sent. */
export const EndpointInput = z.strictObject({
  name: z.string().min(1),
  /** number: a JSON number. category: a text. */
  kind: z.enum(["category", "number"]).default("number"),
});
export type EndpointInput = z.infer<typeof EndpointInput>;

/**
 * An HTTP endpoint that predicts: how it is asked about rows, and where its answer holds what. Values of headers name the
 * environment's variables, `${NAME}`: they are filled in where the endpoint is asked and stand nowhere else.
 */
export const Endpoint = z.strictObject({
  url: Address,
  kind: Kind,
  headers: z
    .record(z.string().min(1), FileText)
    .superRefine((headers, context) => {
      for (const { name, message } of headerProblems(headers)) {
        context.addIssue({ code: "custom", path: [name], message });
      }
    })
    .default({}),
  request: z
    .strictObject({
      /** Where in the body the rows stand: `instances`, or `data.rows`; empty: the body is the rows. */
      rows: Place.default("instances"),
      /** A row as an object of named values, or as an array in the order of the inputs. */
      as: z.enum(["arrays", "objects"]).default("objects"),
      /** What else the body holds. */
      body: Body.default({}),
    })
    .prefault({}),
  response: z
    .strictObject({
      /** Where in the answer the rows stand; empty: the answer is the rows. */
      rows: Place.default("predictions"),
      /** Where in a row its scores stand: a number, or a list of one for each class; empty: the row itself. */
      score: Place.exactOptional(),
      /** Where in a row its label stands; empty: the row itself. */
      label: Place.exactOptional(),
      /** Whether scores are probabilities, scores of any size, or predicted values. */
      kind: z.enum(["probabilities", "score", "value"]).default("probabilities"),
      /** In the order of the scores. */
      classes: z.array(FileText).min(2, "name two classes or more").exactOptional(),
    })
    .refine((response) => response.score !== undefined || response.label !== undefined, {
      message: "name where in a row the score or the label stands",
    })
    .prefault({ score: "" }),
  /** Left out: the features of the plan, a text column as category, a column of numbers as number. */
  inputs: z.array(EndpointInput).min(1).exactOptional(),
  /** Rows a request holds. */
  batch: z.int().min(1).max(100_000).default(100),
  /** Requests under way at once. */
  concurrent: z.int().min(1).max(64).default(1),
  /** Requests begun in a second, at most. */
  per_second: z.number().positive().exactOptional(),
  timeout_seconds: z.number().positive().max(300).default(30),
  /** Times a request is made again after the first. */
  retries: z.int().min(0).max(20).default(4),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** The endpoint's address for people: host and path, without parameters. */
export function endpointAddress({ url }: Pick<Endpoint, "url">): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

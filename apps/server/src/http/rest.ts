import { appRouter, createCallerFactory, openApiDocument, toAssayError, unknownKeys } from "@assay/api";
import { AssayError } from "@assay/schema";
import type { FastifyInstance, FastifyRequest, HTTPMethods } from "fastify";
import { z } from "zod";
import { version } from "../version.ts";
import { contextOf, type Surface } from "./context.ts";

const Query = z.record(z.string(), z.unknown());
const Definition = z.object({
  inputs: z.array(z.unknown()),
  meta: z.object({
    openapi: z.object({ method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]), path: z.string() }),
  }),
});
const createCaller = createCallerFactory(appRouter);

/** The same procedures as REST under /api/v1, with the OpenAPI document. */
export function restRoutes(app: FastifyInstance, surface: Surface): void {
  const document = openApiDocument(version);
  app.get("/api/v1/openapi.json", () => document);
  // tRPC's types call this record nested; it is flat: `runs.get`.
  const procedures: Readonly<Record<string, object>> = appRouter._def.procedures;
  for (const [name, procedure] of Object.entries(procedures)) {
    const definition = Definition.safeParse(Reflect.get(procedure, "_def"));
    if (!definition.success) continue;
    const { method, path } = definition.data.meta.openapi;
    const { inputs } = definition.data;
    const numeric = numericKeys(inputs);
    app.route({
      method: method satisfies HTTPMethods,
      url: `/api/v1${path.replace(/\{(\w+)\}/g, ":$1")}`,
      async handler(request, reply) {
        const caller = createCaller(await contextOf(surface, request.headers));
        const call = name.split(".").reduce<unknown>((node, part) => Reflect.get(Object(node), part), caller);
        if (typeof call !== "function") throw new Error(`no procedure ${name}`);
        try {
          const input = inputOf(request, numeric);
          const unheard = inputs.length === 0 ? Object.keys(input) : [];
          if (unheard.length > 0) throw new AssayError("usage", `input: ${unknownKeys(unheard, [])}`);
          return reply.send(await call(input));
        } catch (error) {
          throw toAssayError(error);
        }
      },
    });
  }
}

/** Path, query and body together; a query's numbers come as text. */
function inputOf(request: FastifyRequest, numeric: ReadonlySet<string>): Record<string, unknown> {
  const query = Object.entries(Query.parse(request.query ?? {})).map(([key, value]) => [
    key,
    numeric.has(key) && typeof value === "string" && value.trim() !== "" ? Number(value) : value,
  ]);
  const body = Query.safeParse(request.body ?? {});
  if (!body.success) throw new AssayError("usage", "body: expected a JSON object of keys with values");
  const params = Query.parse(request.params ?? {});
  const given = { ...Object.fromEntries(query), ...body.data };
  for (const [key, value] of Object.entries(params)) {
    if (Object.hasOwn(given, key) && given[key] !== value) {
      throw new AssayError("usage", `${key}: the address says "${value}"; leave it out elsewhere`);
    }
  }
  return { ...given, ...params };
}

function numericKeys(inputs: readonly unknown[]): ReadonlySet<string> {
  const keys = inputs.flatMap((input) => {
    if (!(input instanceof z.ZodObject)) return [];
    const { properties = {} } = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
    return Object.entries(properties)
      .filter(([, schema]) => typeof schema === "object" && (schema.type === "integer" || schema.type === "number"))
      .map(([key]) => key);
  });
  return new Set(keys);
}

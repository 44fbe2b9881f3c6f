import { appRouter, createCallerFactory, openApiDocument, toAssayError } from "@assay/api";
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
    const numeric = numericKeys(definition.data.inputs);
    app.route({
      method: method satisfies HTTPMethods,
      url: `/api/v1${path.replace(/\{(\w+)\}/g, ":$1")}`,
      async handler(request, reply) {
        const caller = createCaller(await contextOf(surface, request.headers));
        const call = name.split(".").reduce<unknown>((node, part) => Reflect.get(Object(node), part), caller);
        if (typeof call !== "function") throw new Error(`no procedure ${name}`);
        try {
          return reply.send(await call(inputOf(request, numeric)));
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
  return { ...Object.fromEntries(query), ...(body.data ?? {}), ...Query.parse(request.params ?? {}) };
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

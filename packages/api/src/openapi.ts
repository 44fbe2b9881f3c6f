import { generateOpenApiDocument } from "trpc-to-openapi";
import { z } from "zod";
import { appRouter } from "./router.ts";
import { ErrorBody } from "./shapes/error.ts";

/** The OpenAPI 3.1 document of the REST API under `/api/v1`. */
export function openApiDocument(version: string): Record<string, unknown> {
  const document = generateOpenApiDocument(appRouter, {
    title: "Assay",
    version,
    baseUrl: "/api/v1",
    description:
      "Audits of AI models. Every call but GET /system and POST /setup needs `Authorization: Bearer <API key>`.",
    openApiVersion: "3.1.0",
    securitySchemes: { apiKey: { type: "http", scheme: "bearer", description: "An API key from Settings" } },
  });
  const schemas: Record<string, unknown> = Object.fromEntries(
    Object.entries(document.components?.schemas ?? {}).filter(([name]) => !name.startsWith("error.")),
  );
  schemas.Error = z.toJSONSchema(ErrorBody);
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => [path, withOurErrors(item)]);
  return { ...document, paths: Object.fromEntries(paths), components: { ...document.components, schemas } };
}

/** Every failed answer is `{ code, message, problems }`, whatever its status. */
function withOurErrors(item: object): object {
  return Object.fromEntries(
    Object.entries(item).map(([method, operation]) => [
      method,
      {
        ...operation,
        responses: {
          200: operation.responses?.["200"],
          default: {
            description: "It failed, and why",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
          },
        },
      },
    ]),
  );
}

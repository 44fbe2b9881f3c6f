import { toAssayError } from "@assay/api";
import { AssayError, type ErrorCode, isAssayError } from "@assay/schema";
import type { FastifyInstance } from "fastify";

const codes: Readonly<Record<number, ErrorCode>> = {
  400: "usage",
  404: "not-found",
  413: "data-too-large",
  415: "usage",
};

/** Every failed answer of the API is `{ code, message, problems }`. */
export function answerErrors(app: FastifyInstance, logError: (error: unknown) => void): void {
  app.setErrorHandler((error, _request, reply) => {
    const told = tell(error);
    if (told.code === "internal") logError(error);
    return reply.code(told.http).send(told.toJSON());
  });
}

function tell(error: unknown): AssayError {
  if (isAssayError(error)) return toAssayError(error);
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  const code = codes[status];
  return code === undefined ? toAssayError(error) : new AssayError(code, error instanceof Error ? error.message : "");
}

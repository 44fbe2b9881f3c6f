import { AssayError, type ErrorCode, isAssayError, issueText, type Problem, pathText } from "@assay/schema";
import { TRPCError } from "@trpc/server";
import { ZodError } from "zod";

const trpcCodes = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  413: "PAYLOAD_TOO_LARGE",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  499: "CLIENT_CLOSED_REQUEST",
  500: "INTERNAL_SERVER_ERROR",
  503: "SERVICE_UNAVAILABLE",
  504: "GATEWAY_TIMEOUT",
  507: "INTERNAL_SERVER_ERROR",
} as const satisfies Record<AssayError["http"], TRPCError["code"]>;

const assayCodes: Partial<Record<TRPCError["code"], ErrorCode>> = {
  BAD_REQUEST: "usage",
  CLIENT_CLOSED_REQUEST: "cancelled",
  METHOD_NOT_SUPPORTED: "usage",
  NOT_FOUND: "not-found",
  PARSE_ERROR: "usage",
  PAYLOAD_TOO_LARGE: "data-too-large",
  UNSUPPORTED_MEDIA_TYPE: "usage",
};

/** Our error inside tRPC's, with the status that fits. */
export function toTrpcError(error: AssayError): TRPCError {
  return new TRPCError({ code: trpcCodes[error.http as keyof typeof trpcCodes], message: error.message, cause: error });
}

/**
 * What a caller is told of any error. Ours are told as they are; wrong input with every problem and its place; all
 * else is `internal` and its details stay in the log.
 */
export function toAssayError(error: unknown): AssayError {
  if (isAssayError(error)) return new AssayError(error.code, error.message, { problems: error.problems });
  if (error instanceof ZodError) return inputError(error);
  if (!(error instanceof TRPCError)) return internalError();
  if (isAssayError(error.cause)) return toAssayError(error.cause);
  if (error.cause instanceof ZodError && error.code === "BAD_REQUEST") return inputError(error.cause);
  const code = assayCodes[error.code];
  return code === undefined ? internalError() : new AssayError(code, error.message);
}

function internalError(): AssayError {
  return new AssayError("internal", "the server met an error of its own; its log tells more");
}

function inputError(error: ZodError): AssayError {
  const problems = error.issues.map((issue): Problem => {
    const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
    const [key, ...more] = issue.code === "unrecognized_keys" ? issue.keys : [];
    if (key !== undefined && more.length === 0) path.push(key);
    return {
      at: path.length === 0 ? "input" : pathText(path),
      message: issueText(issue),
    };
  });
  const text = problems.map((problem) => `${problem.at}: ${problem.message}`).join("; ");
  return new AssayError("usage", text, { problems });
}

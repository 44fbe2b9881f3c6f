import { type ErrorCode, errorCodes, type Problem } from "@assay/schema";
import * as z from "zod/mini";

/** What went wrong, as the API tells it: a code, a sentence and the places. */
export interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly problems: readonly Problem[];
}

const Code = z.custom<ErrorCode>((value) => typeof value === "string" && value in errorCodes);
const Problems = z.array(z.object({ at: z.string(), message: z.string() }));
const ApiError = z.object({
  message: z.string(),
  data: z.object({ code: Code, problems: z._default(Problems, []) }),
});
const RestError = z.object({ code: Code, message: z.string(), problems: z._default(Problems, []) });

/** Reads a fault from a tRPC error, a REST answer, or anything thrown. No answer at all is `unreachable`. */
export function faultOf(error: unknown): Fault {
  const api = ApiError.safeParse(error);
  if (api.success) return { message: api.data.message, ...api.data.data };
  const rest = RestError.safeParse(error);
  if (rest.success) return rest.data;
  const text = error instanceof Error ? error.message : String(error);
  // Browsers say TypeError and their own sentence when a server does not answer; tRPC wraps it.
  const silent = /failed to fetch|networkerror|load failed|fetch failed|network request failed|unexpected token|json/i;
  return silent.test(text)
    ? { code: "unreachable", message: text, problems: [] }
    : { code: "internal", message: text, problems: [] };
}

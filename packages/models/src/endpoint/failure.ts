import { type AssayError, type ErrorCode, isAssayError } from "@assay/schema";

/** What a failed endpoint is told as. */
const codes: readonly ErrorCode[] = [
  "forbidden",
  "model-invalid",
  "not-found",
  "rate-limited",
  "timeout",
  "unauthorized",
  "unreachable",
];

/** Whether the endpoint failed, which is no fault of the audit that asked it: what other audits ask will fail as well. */
export function isEndpointFailure(error: unknown): error is AssayError {
  return isAssayError(error) && codes.includes(error.code);
}

/**
 * The one table of error codes: HTTP status and CLI exit code of each.
 * Exit codes: 1 only ever means "the gate failed", so no error has it; 2 not completed; 130 interrupted.
 */
export const errorCodes = {
  "already-exists": { http: 409, exit: 2 },
  cancelled: { http: 499, exit: 130 },
  conflict: { http: 409, exit: 2 },
  "data-invalid": { http: 422, exit: 2 },
  "data-too-large": { http: 413, exit: 2 },
  "device-failed": { http: 500, exit: 2 },
  "device-lost": { http: 503, exit: 2 },
  "device-out-of-memory": { http: 507, exit: 2 },
  "device-timeout": { http: 504, exit: 2 },
  "device-unavailable": { http: 422, exit: 2 },
  "digest-mismatch": { http: 422, exit: 2 },
  "disk-full": { http: 507, exit: 2 },
  forbidden: { http: 403, exit: 2 },
  internal: { http: 500, exit: 2 },
  "model-invalid": { http: 422, exit: 2 },
  "not-found": { http: 404, exit: 2 },
  "not-supported": { http: 422, exit: 2 },
  "plan-invalid": { http: 422, exit: 2 },
  "rate-limited": { http: 429, exit: 2 },
  "report-invalid": { http: 422, exit: 2 },
  timeout: { http: 504, exit: 2 },
  unauthorized: { http: 401, exit: 2 },
  unreachable: { http: 503, exit: 2 },
  usage: { http: 400, exit: 2 },
} as const satisfies Record<string, { http: number; exit: 2 | 130 }>;

export type ErrorCode = keyof typeof errorCodes;

/** One thing wrong, with its place, `columns.protected[1]` or `data.csv:17`, and the line of a text that was written by hand. */
export type Problem = { at: string; message: string; line?: number };

/**
 * The only error that Assay throws on purpose. `message` says where, what is wrong, the value met and what to do.
 * `problems` lists every fault found, when several are told together.
 */
export class AssayError extends Error {
  override readonly name = "AssayError";
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, options: { problems?: readonly Problem[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
  }

  get http(): number {
    return errorCodes[this.code].http;
  }

  get exit(): number {
    return errorCodes[this.code].exit;
  }

  toJSON(): { code: ErrorCode; message: string; problems: readonly Problem[] } {
    return { code: this.code, message: this.message, problems: this.problems };
  }
}

/** True for an AssayError of any copy of this module (bundles and worker messages lose the class). */
export function isAssayError(error: unknown): error is AssayError {
  return (
    error instanceof Error &&
    error.name === "AssayError" &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code in errorCodes
  );
}

/** Rebuilds the error that `toJSON` wrote, after a thread, a process or the network. */
export function reviveError(data: {
  code: string;
  message: string;
  problems?: readonly Problem[] | undefined;
}): AssayError {
  const code = data.code in errorCodes ? (data.code as ErrorCode) : "internal";
  return new AssayError(code, data.message, { problems: data.problems ?? [] });
}

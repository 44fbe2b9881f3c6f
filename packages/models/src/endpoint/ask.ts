import { AssayError, type ErrorCode, isAssayError } from "@assay/schema";
import type { EndpointHost } from "./host.ts";
import type { Pace } from "./pace.ts";

export interface Asking {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly host: EndpointHost;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

/** A larger answer to one request is no prediction of its rows. */
const mostBytes = 2 ** 26;
const firstWaitMs = 500;
const longestWaitMs = 60_000;

/** Answers that another try may change: too early or too many requests, and faults of the server and what stands before it. */
const passing: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/** A failure that a further try may mend. */
class Passing extends AssayError {
  readonly waitMs: number | null;

  constructor(code: ErrorCode, message: string, waitMs: number | null, cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause });
    this.waitMs = waitMs;
  }
}

/**
 * Posts JSON and reads JSON. What may pass (no connection, a timeout, 408, 425, 429, 5xx) is tried again after a wait that
 * doubles, or as long as the server asks; all else is an error at once.
 * @throws AssayError timeout, unreachable, rate-limited, unauthorized, forbidden, not-found, model-invalid (an answer that
 *   is no JSON, too large, a redirect or a refusal), cancelled
 */
export async function ask(body: unknown, asking: Asking): Promise<unknown> {
  const { retries, host, pace, signal, url } = asking;
  const text = JSON.stringify(body);
  for (let attempt = 0; ; attempt++) {
    try {
      if (signal.aborted) throw cancelled();
      await pace.turn(signal).catch(() => {
        throw cancelled();
      });
      return await once(text, asking);
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      const tries = attempt + 1;
      if (attempt >= retries) {
        throw new AssayError(
          error.code,
          `${url}: ${error.message}, ${tries === 1 ? "asked once" : `asked ${tries} times`}`,
          {
            cause: error,
          },
        );
      }
      const wait = Math.min(longestWaitMs, error.waitMs ?? firstWaitMs * 2 ** attempt);
      // What one request is told, the others beside it need not find out.
      if (error.code === "rate-limited") pace.pause(wait);
      await host.sleep(wait, signal).catch(() => {
        throw cancelled();
      });
    }
  }
}

function cancelled(): AssayError {
  return new AssayError("cancelled", "the prediction was cancelled");
}

async function once(body: string, { url, headers, timeoutMs, host, signal }: Asking): Promise<unknown> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  signal.addEventListener("abort", abort, { once: true });
  let timedOut = false;
  const watch = new AbortController();
  const timer = host.sleep(timeoutMs, watch.signal).then(
    () => {
      timedOut = true;
      stop.abort();
    },
    () => undefined,
  );
  try {
    const response = await host.fetch(url, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json", ...headers },
      body,
      // A redirect would take the secret in the headers to another place.
      redirect: "error",
      signal: stop.signal,
    });
    const answer = await readText(response, url);
    if (!response.ok) throw refusal(url, response, answer);
    return parse(url, answer);
  } catch (cause) {
    if (signal.aborted) throw cancelled();
    if (timedOut) throw new Passing("timeout", `no answer in ${timeoutMs / 1000} s`, null, cause);
    if (isAssayError(cause)) throw cause;
    throw new Passing("unreachable", `no connection (${reasonOf(cause)})`, null, cause);
  } finally {
    signal.removeEventListener("abort", abort);
    watch.abort();
    await timer;
  }
}

/** fetch hides what happened behind "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}

async function readText(response: Response, url: string): Promise<string> {
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > mostBytes) {
      await reader.cancel();
      throw new AssayError("model-invalid", `${url}: answers more than ${mostBytes} bytes to one request`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

function refusal(url: string, response: Response, answer: string): AssayError {
  const { status } = response;
  const said = answer.trim().replace(/\s+/g, " ").slice(0, 200);
  const message = `answers ${status}${said ? `: ${said}` : ""}`;
  if (passing.includes(status)) {
    const code = status === 429 ? "rate-limited" : status === 408 || status === 504 ? "timeout" : "unreachable";
    return new Passing(code, message, retryAfterMs(response));
  }
  const codes: Readonly<Record<number, ErrorCode>> = { 401: "unauthorized", 403: "forbidden", 404: "not-found" };
  return new AssayError(codes[status] ?? "model-invalid", `${url}: ${message}`);
}

/** Seconds that the server asks to wait; dates are left to our own waits. */
function retryAfterMs(response: Response): number | null {
  const text = response.headers.get("retry-after");
  const seconds = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return seconds >= 0 ? seconds * 1000 : null;
}

function parse(url: string, answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    const said = answer.trim().replace(/\s+/g, " ").slice(0, 80);
    throw new AssayError("model-invalid", `${url}: the answer is no JSON: ${JSON.stringify(said)}`);
  }
}

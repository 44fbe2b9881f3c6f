import { AssayError, isAssayError } from "@assay/schema";
import type { EndpointHost } from "./host.ts";
import { noConnection } from "./no-connection.ts";
import type { Pace } from "./pace.ts";
import { Passing } from "./passing.ts";
import { refusal } from "./refusal.ts";
import { said } from "./said.ts";

export interface Asking {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What must not be told of the headers, by the names of its variables. */
  readonly secrets: Readonly<Record<string, string>>;
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
/** Who asks to be left alone for longer is told of instead of waited for. */
const longestAskedWaitMs = 300_000;

/**
 * Posts JSON and reads JSON. What may pass (no connection, a timeout, 408, 425, 429, 5xx) is tried again after a wait that
 * doubles, or as long as the server asks; all else is an error at once. Messages say what came and what to do; who asks
 * says of what.
 * @throws AssayError timeout, unreachable, rate-limited, unauthorized, forbidden, not-found, model-invalid (an answer that
 *   is no JSON, too large, a redirect or a refusal), cancelled
 */
export async function ask(body: unknown, asking: Asking): Promise<unknown> {
  const { retries, host, pace, signal } = asking;
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
      const tries = attempt === 0 ? "asked once" : `asked ${attempt + 1} times`;
      const { waitMs } = error;
      if (waitMs !== null && waitMs > longestAskedWaitMs) {
        throw error.told(`${tries}; it asks to wait ${Math.round(waitMs / 1000)} s: run it again after that`);
      }
      if (attempt >= retries) throw error.told(`${tries}; ${error.cure}`);
      const wait = waitMs ?? Math.min(longestWaitMs, firstWaitMs * 2 ** attempt);
      // What one request is told, the others beside it need not find out.
      if (waitMs !== null || error.code === "rate-limited") pace.pause(wait);
      await host.sleep(wait, signal).catch(() => {
        throw cancelled();
      });
    }
  }
}

function cancelled(): AssayError {
  return new AssayError("cancelled", "the prediction was cancelled");
}

async function once(body: string, asking: Asking): Promise<unknown> {
  const { url, headers, timeoutMs, host, signal } = asking;
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
      redirect: "manual",
      signal: stop.signal,
    });
    const answer = await readText(response);
    if (!response.ok) throw refusal(response, said(answer, asking.secrets, 200), asking);
    return parse(answer, asking);
  } catch (cause) {
    if (signal.aborted) throw cancelled();
    if (timedOut) {
      const cure = "raise timeout_seconds, or ask about fewer rows at once (batch)";
      throw new Passing("timeout", `no answer in ${timeoutMs / 1000} s`, cure);
    }
    if (isAssayError(cause)) throw cause;
    throw noConnection(cause);
  } finally {
    signal.removeEventListener("abort", abort);
    watch.abort();
    await timer;
  }
}

async function readText(response: Response): Promise<string> {
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
      throw invalid(`answers more than ${mostBytes} bytes to one request; ask about fewer rows at once (batch)`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

function parse(answer: string, asking: Asking): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    const told = said(answer, asking.secrets, 80);
    throw invalid(
      told === ""
        ? "the answer is empty; it must be JSON"
        : `the answer is no JSON: ${JSON.stringify(told)}; it must be JSON, which has no NaN`,
    );
  }
}

function invalid(message: string): AssayError {
  return new AssayError("model-invalid", message);
}

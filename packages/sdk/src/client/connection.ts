import type { AppRouter } from "@assay/api";
import { AssayError, reviveError } from "@assay/schema";
import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
  TRPCClientError,
} from "@trpc/client";
import { EventSource } from "eventsource";

export interface ConnectionOptions {
  /** The server's address, such as `http://localhost:3000`. */
  readonly url: string;
  readonly apiKey: string;
  /** Milliseconds until a call without an answer is given up; 60,000 unless told. */
  readonly timeoutMs?: number;
}

export interface Connection {
  readonly url: string;
  readonly apiKey: string;
  readonly api: TRPCClient<AppRouter>;
  /** Calls the server; rejects with an AssayError and nothing else. Reads are tried again after a dropped connection. */
  call<T>(work: (api: TRPCClient<AppRouter>) => Promise<T>, options?: { readonly repeat?: boolean }): Promise<T>;
  /** GETs a file under /api/v1. */
  download(path: string): Promise<Uint8Array>;
}

const waitsMs = [250, 1000, 3000] as const;

/** @throws AssayError usage, for an address that is none */
export function connect(options: ConnectionOptions): Connection {
  const url = baseUrl(options.url);
  const timeoutMs = options.timeoutMs ?? 60_000;
  const headers = { Authorization: `Bearer ${options.apiKey}` };
  const api = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: httpSubscriptionLink({
          url: `${url}/trpc`,
          EventSource,
          eventSourceOptions: {
            fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...headers } }),
          },
        }),
        false: httpBatchLink({
          url: `${url}/trpc`,
          headers,
          fetch: (input, init) =>
            fetch(input, {
              ...init,
              signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(init?.signal ? [init.signal] : [])]),
            }),
        }),
      }),
    ],
  });
  const call: Connection["call"] = async (work, { repeat = false } = {}) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work(api);
      } catch (cause) {
        const error = asAssayError(cause, url);
        const wait = waitsMs[attempt];
        if (!repeat || wait === undefined || (error.code !== "unreachable" && error.code !== "timeout")) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  };
  const download = async (path: string): Promise<Uint8Array> =>
    call(
      async () => {
        const response = await fetch(`${url}/api/v1${path}`, { headers, signal: AbortSignal.timeout(timeoutMs) });
        if (!response.ok) throw await responseError(response, url);
        return new Uint8Array(await response.arrayBuffer());
      },
      { repeat: true },
    );
  return { url, apiKey: options.apiKey, api, call, download };
}

function baseUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new AssayError("usage", `"${text}" is not an address; write it like http://localhost:3000`, { cause });
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new AssayError("usage", `"${text}" is not an http or https address`);
  }
  return url.href.replace(/\/+$/, "");
}

/** The AssayError in an answer of the server, or one that says what came instead. */
export async function responseError(response: Response, url: string): Promise<AssayError> {
  const text = await response.text().catch(() => "");
  const told = toldError(text);
  return (
    told ??
    new AssayError("unreachable", `${url} answered ${response.status} ${response.statusText}, and not as Assay does`)
  );
}

export function toldError(text: string): AssayError | null {
  try {
    const body: unknown = JSON.parse(text);
    return isTold(body) ? reviveError(body) : null;
  } catch {
    return null;
  }
}

interface Told {
  readonly code: string;
  readonly message: string;
}

function isTold(value: unknown): value is Told {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    typeof value.code === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}

/** Any failure of a call as an AssayError. */
export function asAssayError(cause: unknown, url: string): AssayError {
  if (cause instanceof AssayError) return cause;
  if (cause instanceof TRPCClientError) {
    const data: unknown = cause.data;
    if (typeof data === "object" && data !== null && "code" in data && typeof data.code === "string") {
      const problems = "problems" in data && Array.isArray(data.problems) ? data.problems : [];
      return reviveError({ code: data.code, message: cause.message, problems });
    }
    return networkError(cause.cause ?? cause, url);
  }
  return networkError(cause, url);
}

function networkError(cause: unknown, url: string): AssayError {
  const name = cause instanceof Error ? cause.name : "";
  if (name === "TimeoutError") return new AssayError("timeout", `${url} did not answer in time`, { cause });
  if (name === "AbortError") return new AssayError("cancelled", "cancelled", { cause });
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : "";
  const why = inner || (cause instanceof Error ? cause.message : String(cause));
  return new AssayError("unreachable", `no answer from ${url} (${why}); is the server running?`, { cause });
}

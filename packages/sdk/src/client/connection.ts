import { setTimeout } from "node:timers/promises";
import type { AppRouter } from "@assay/api";
import { AssayError, reviveError } from "@assay/schema";
import {
  createTRPCClient,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
  TRPCClientError,
} from "@trpc/client";
import { EventSource } from "eventsource";
import { serverAddress } from "./server-address.ts";

export interface ConnectionOptions {
  /** The server's address, such as `http://localhost:3000`. */
  readonly url: string;
  readonly apiKey: string;
  /** Milliseconds until a call without an answer is given up; 60,000 unless told. */
  readonly timeoutMs?: number;
  /** Gives up every call in the middle, as `cancelled`. */
  readonly signal?: AbortSignal;
}

/** An answer that comes piece by piece. */
export interface Streamed {
  /** 200, or 206 for the part that was asked for. */
  readonly status: number;
  readonly headers: Headers;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface Connection {
  readonly url: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly api: TRPCClient<AppRouter>;
  /** Calls the server; rejects with an AssayError and nothing else. Reads are tried again after a dropped connection. */
  call<T>(work: (api: TRPCClient<AppRouter>) => Promise<T>, options?: { readonly repeat?: boolean }): Promise<T>;
  /** GETs a file under /api/v1. */
  download(path: string): Promise<Uint8Array>;
  /** GETs a file of any size under /api/v1, piece by piece; given up where nothing comes for `timeoutMs`. */
  stream(path: string, headers?: Readonly<Record<string, string>>): Promise<Streamed>;
}

const waitsMs = [250, 1000, 3000] as const;
/** The server reads the whole file before it answers; Node's own limit for an answer is five minutes too. */
const readingTimeoutMs = 300_000;

/** Calls whose answer waits until the server has read a file. */
const readsFiles = new Set(["datasets.create", "models.create", "models.register"]);

/** @throws AssayError usage, for an address that is none */
export function connect(options: ConnectionOptions): Connection {
  const url = serverAddress(options.url);
  const { timeoutMs = 60_000, signal } = options;
  const headers = { Authorization: `Bearer ${options.apiKey}` };
  const limit = (ms: number, inner?: AbortSignal | null): AbortSignal =>
    AbortSignal.any([AbortSignal.timeout(ms), signal, inner].filter((one) => one !== undefined && one !== null));
  const link = (ms: number) =>
    httpLink({
      url: `${url}/trpc`,
      headers,
      fetch: (input, init) => fetch(input, { ...init, signal: limit(ms, init?.signal) }),
    });
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
        false: splitLink({
          condition: (operation) => readsFiles.has(operation.path),
          true: link(Math.max(timeoutMs, readingTimeoutMs)),
          false: link(timeoutMs),
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
        if (!repeat || wait === undefined || error.code !== "unreachable") throw error;
        await pause(wait, signal);
      }
    }
  };
  const download = async (path: string): Promise<Uint8Array> =>
    call(
      async () => {
        const response = await fetch(`${url}/api/v1${path}`, { headers, signal: limit(timeoutMs) });
        if (!response.ok) throw await responseError(response, url);
        return new Uint8Array(await response.arrayBuffer());
      },
      { repeat: true },
    );
  const stream: Connection["stream"] = async (path, more = {}) => {
    const stop = new AbortController();
    const late = () => stop.abort(new DOMException("nothing came", "TimeoutError"));
    let timer = globalThis.setTimeout(late, timeoutMs);
    const inner = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]);
    try {
      const response = await fetch(`${url}/api/v1${path}`, { headers: { ...headers, ...more }, signal: inner });
      if (!response.ok) throw await responseError(response, url);
      const { body } = response;
      const chunks = async function* () {
        try {
          for await (const chunk of body ?? []) {
            clearTimeout(timer);
            yield chunk;
            timer = globalThis.setTimeout(late, timeoutMs);
          }
        } finally {
          clearTimeout(timer);
          stop.abort();
        }
      };
      return { status: response.status, headers: response.headers, chunks: chunks() };
    } catch (error) {
      clearTimeout(timer);
      throw error;
    }
  };
  return { url, apiKey: options.apiKey, timeoutMs, api, call, download, stream };
}

/** @throws AssayError cancelled, as soon as the signal is aborted */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(ms, undefined, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
    throw new AssayError("cancelled", "cancelled", { cause });
  });
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
  const message = cause instanceof Error ? cause.message : String(cause);
  if (name === "SyntaxError" || message.startsWith("Unable to transform response")) {
    return new AssayError("unreachable", `${url} did not answer as Assay does; is the address right?`, { cause });
  }
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : "";
  const why = inner || message;
  return new AssayError("unreachable", `no answer from ${url} (${why}); is the server running?`, { cause });
}

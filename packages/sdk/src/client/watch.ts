import { AssayError, isAssayError } from "@assay/schema";
import { asAssayError, type Connection, pause } from "./connection.ts";

/** What the server sends of a run or a comparison. */
interface Standing {
  readonly status: "queued" | "running" | "completed" | "failed" | "cancelled";
}

/** What tRPC calls back with, of one subscription. */
interface Callbacks<Event> {
  onData(message: { readonly id: string; readonly data: Event }): void;
  onConnectionStateChange(change: { readonly state: string; readonly error?: unknown }): void;
  onError(cause: unknown): void;
  onComplete(): void;
}

export interface Watching<Event extends Standing> {
  readonly connection: Connection;
  /** Opens the stream of events from the one after `lastEventId`. */
  readonly subscribe: (lastEventId: string | null, callbacks: Callbacks<Event>) => { unsubscribe(): void };
  /** Asks once where it stands. */
  readonly ask: () => Promise<Event>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Where a run or a comparison stands now and after every change, until it has ended. A dropped connection is taken up again
 * where it stopped, for as long as the connection's `timeoutMs` without an answer.
 * @throws AssayError not-found, unauthorized, unreachable; `cancelled` when the signal is aborted
 */
export async function* watchToEnd<Event extends Standing>(
  watching: Watching<Event>,
): AsyncGenerator<Event, void, void> {
  const { connection, ask, signal } = watching;
  let lastEventId: string | null = null;
  let lostAt: number | null = null;
  for (let attempt = 0; ; attempt++) {
    try {
      for await (const { id, event } of watchOnce(watching, lastEventId)) {
        lastEventId = id;
        attempt = 0;
        yield event;
        if (isFinal(event.status)) return;
      }
    } catch (error) {
      if (!isLost(error)) throw error;
      lostAt ??= Date.now();
    }
    await pause(Math.min(250 * 2 ** attempt, 4000), signal);
    try {
      // A stream that is refused does not say why; this does, and tells an end that the stream could not.
      const event = await ask();
      lostAt = null;
      if (!isFinal(event.status)) continue;
      yield event;
      return;
    } catch (error) {
      lostAt ??= Date.now();
      if (!isLost(error) || Date.now() - lostAt > connection.timeoutMs) throw error;
    }
  }
}

/**
 * One stream of events, from the one after `lastEventId`. It ends with the stream; a drop throws, because only the caller
 * knows how long to go on trying.
 * @throws AssayError unreachable, cancelled
 */
async function* watchOnce<Event extends Standing>(
  { connection, subscribe, signal }: Watching<Event>,
  lastEventId: string | null,
): AsyncGenerator<{ readonly id: string; readonly event: Event }, void, void> {
  const events: { readonly id: string; readonly event: Event }[] = [];
  let error: AssayError | null = null;
  let ended = false;
  let wake = (): void => {};
  const fail = (cause: unknown): void => {
    error ??= asAssayError(cause, connection.url);
    wake();
  };
  const onAbort = (): void => fail(new AssayError("cancelled", "cancelled"));
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort);
  const subscription = subscribe(lastEventId, {
    onData: ({ id, data }) => {
      events.push({ id, event: data });
      wake();
    },
    onConnectionStateChange: (change) => {
      if (change.state === "connecting" && change.error !== null && change.error !== undefined) fail(change.error);
    },
    onError: fail,
    onComplete: () => {
      ended = true;
      wake();
    },
  });
  try {
    for (;;) {
      const event = events.shift();
      if (event !== undefined) yield event;
      else if (error !== null) throw error;
      else if (ended) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    subscription.unsubscribe();
  }
}

/** Whether nothing changes any more. */
export function isFinal(status: Standing["status"]): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

function isLost(error: unknown): boolean {
  return isAssayError(error) && (error.code === "unreachable" || error.code === "timeout");
}

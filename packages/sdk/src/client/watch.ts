import { AssayError } from "@assay/schema";
import { asAssayError, type Connection } from "./connection.ts";
import type { RunEvent } from "./run.ts";

/**
 * One stream of a run's events, from the one after `lastEventId`. It ends with the stream; a drop throws, because only
 * the caller knows how long to go on trying.
 * @throws AssayError unreachable, cancelled
 */
export async function* watchOnce(
  connection: Connection,
  run: string,
  lastEventId: string | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly id: string; readonly event: RunEvent }, void, void> {
  const events: { readonly id: string; readonly event: RunEvent }[] = [];
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
  const subscription = connection.api.runs.watch.subscribe(
    { id: run, lastEventId },
    {
      onData: ({ id, data }) => {
        events.push({ id, event: data });
        wake();
      },
      onConnectionStateChange: (change) => {
        if (change.state === "connecting" && change.error !== null) fail(change.error);
      },
      onError: fail,
      onComplete: () => {
        ended = true;
        wake();
      },
    },
  );
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

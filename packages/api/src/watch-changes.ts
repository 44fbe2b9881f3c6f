import { AssayError } from "@assay/schema";
import { tracked } from "@trpc/server";

/** What is watched: where it stands, and which of its changes that is. */
export interface Watched<Event> {
  readonly event: Event;
  readonly revision: number;
  /** Nothing changes after it. */
  readonly ended: boolean;
}

/**
 * Where something stands now and after every change, until it has ended. An event tells the whole state, and its id is the
 * revision: whoever comes back with the last id they saw is told the newest state and misses nothing that matters.
 */
export async function* watchChanges<Event>(options: {
  readonly read: () => Promise<Watched<Event>>;
  readonly changes: (signal: AbortSignal) => AsyncIterable<void>;
  readonly lastEventId: string | null | undefined;
  readonly signal: AbortSignal | undefined;
}) {
  const { read, changes, lastEventId, signal } = options;
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  let seen = lastEventId === null || lastEventId === undefined ? -1 : Number(lastEventId);
  if (!Number.isInteger(seen)) throw new AssayError("usage", `lastEventId: "${lastEventId}" is no event's id`);
  await read();
  try {
    for await (const _ of changes(controller.signal)) {
      const { event, revision, ended } = await read();
      if (revision > seen || ended) {
        seen = revision;
        yield tracked(String(revision), event);
      }
      if (ended) return;
    }
  } finally {
    abort();
    signal?.removeEventListener("abort", abort);
  }
}

import { throwIfAborted } from "../../run.ts";

/** Calls beyond these tell nothing more. */
const mostCalls = 20_000;
/** After so long the event loop has its turn, between calls, so that a cancel can come in. */
const turnMs = 50;

/** Milliseconds of one call after another, in order, until the time is over; one at least. @throws AssayError cancelled */
export async function timeCalls(
  call: () => Promise<void>,
  { ms, now, signal }: { readonly ms: number; readonly now: () => number; readonly signal: AbortSignal },
): Promise<Float64Array> {
  const times: number[] = [];
  const end = now() + ms;
  let turn = now() + turnMs;
  do {
    throwIfAborted(signal);
    const start = now();
    await call();
    const stop = now();
    times.push(stop - start);
    if (stop < turn) continue;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    turn = now() + turnMs;
  } while (now() < end && times.length < mostCalls);
  return Float64Array.from(times);
}

/**
 * Does something now and then again so long after it ended, until stopped: never twice at a time. Stopping waits for what is
 * under way.
 */
export function regularly(
  run: () => Promise<void>,
  { everyMs, onError }: { readonly everyMs: number; readonly onError: (error: unknown) => void },
): () => Promise<void> {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const once = async (): Promise<void> => {
    await run().catch(onError);
    if (isStopped) return;
    timer = setTimeout(() => {
      running = once();
    }, everyMs);
    timer.unref();
  };
  let running = once();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await running;
  };
}

import type { Stores } from "@assay/db";
import type { Job } from "./queue.ts";
import type { ThreadHost } from "./thread-host.ts";

/** Takes a run and works it off; nothing where it is finished or gone. */
export function runJob(host: ThreadHost, { work: store }: Stores, worker: string): Job {
  return async (id, stop) => {
    const work = await store.take(id, worker);
    if (work === null) return;
    const { attempt } = work;
    await host.work(
      {
        ...{ name: "run", id, attempt, request: { kind: "run", work } },
        heartbeat: () => store.heartbeat(id, attempt),
        fail: (error) => store.fail(id, attempt, { ...error, problems: [...error.problems] }),
      },
      stop,
    );
  };
}

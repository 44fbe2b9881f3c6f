import { AssayError } from "@assay/schema";
import { tracked } from "@trpc/server";
import { z } from "zod";
import type { RunEvent, RunStatus } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";

const final: readonly RunStatus[] = ["completed", "failed", "cancelled"];

/**
 * The run as it is now and after every change, until it is finished. An event tells the whole state, and its id is the
 * run's revision: whoever comes back with the last id they saw is told the newest state and misses nothing that matters.
 */
export const watch = signedIn
  .input(z.object({ id: z.string(), lastEventId: z.string().nullish() }))
  .subscription(async function* ({ ctx, input, signal }) {
    const controller = new AbortController();
    const abort = () => controller.abort();
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    let seen = input.lastEventId === null || input.lastEventId === undefined ? -1 : Number(input.lastEventId);
    if (!Number.isInteger(seen)) throw new AssayError("usage", `lastEventId: "${input.lastEventId}" is no event's id`);
    await ctx.stores.runs.get(input.id);
    try {
      for await (const _ of ctx.services.runs.changes(input.id, controller.signal)) {
        const run = await ctx.stores.runs.get(input.id);
        const ended = final.includes(run.status);
        if (run.revision > seen || ended) {
          seen = run.revision;
          const event: RunEvent = { status: run.status, progress: run.progress, verdict: run.verdict };
          yield tracked(String(run.revision), event);
        }
        if (ended) return;
      }
    } finally {
      abort();
      signal?.removeEventListener("abort", abort);
    }
  });

import { z } from "zod";
import { exactly } from "../../shapes/exactly.ts";
import { isFinal, type RunEvent } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";
import { watchChanges } from "../../watch-changes.ts";

/** The run as it stands now and after every change, until it is finished. */
export const watch = signedIn
  .input(exactly({ id: z.string(), lastEventId: z.string().nullish() }))
  .subscription(async function* ({ ctx, input, signal }) {
    yield* watchChanges({
      read: async () => {
        const { status, progress, verdict, revision } = await ctx.stores.runs.get(input.id);
        const event: RunEvent = { status, progress, verdict };
        return { event, revision, ended: isFinal(status) };
      },
      changes: (stop) => ctx.services.runs.changes(input.id, stop),
      ...{ lastEventId: input.lastEventId, signal },
    });
  });

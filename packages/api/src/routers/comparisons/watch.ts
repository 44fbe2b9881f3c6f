import { z } from "zod";
import type { ComparisonEvent } from "../../shapes/comparison.ts";
import { exactly } from "../../shapes/exactly.ts";
import { isFinal } from "../../shapes/run.ts";
import { signedIn } from "../../trpc.ts";
import { watchChanges } from "../../watch-changes.ts";

/** The comparison as it stands now and after every change, until it is finished. */
export const watch = signedIn
  .input(exactly({ id: z.string(), lastEventId: z.string().nullish() }))
  .subscription(async function* ({ ctx, input, signal }) {
    yield* watchChanges({
      read: async () => {
        const { status, progress, verdict, revision } = await ctx.stores.comparisons.get(input.id);
        const event: ComparisonEvent = { status, progress, verdict };
        return { event, revision, ended: isFinal(status) };
      },
      changes: (stop) => ctx.services.comparisons.changes(input.id, stop),
      ...{ lastEventId: input.lastEventId, signal },
    });
  });
